"""Training of the bundled model: drawn clips and captions, the stages of the training, the export. Not in the wheel."""
