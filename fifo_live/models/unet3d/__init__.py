"""Models made from image UNets: VideoCrafter, ModelScope, AnimateDiff."""
