/** Types of the control messages (docs/protocol.md), written by `python scripts/protocol.py`; do not edit. */

/** Drop the queue and begin again from noise, under the newest cue. */
export interface Cut {
  type: "cut";
  id?: string | number | null;
}

/** Stop making new frames; the last one stays. */
export interface Pause {
  type: "pause";
  id?: string | number | null;
}

/** Show something else: one `text`, or a blend of `prompts` with weights. */
export interface Prompt {
  type: "prompt";
  id?: string | number | null;
  text?: string | null;
  prompts?: WeightedPrompt[] | null;
  transition?: number;
  urgency?: number;
}

/** Go on after a pause. */
export interface Resume {
  type: "resume";
  id?: string | number | null;
}

/** New values for knobs; what is left out stays as it is. */
export interface Set {
  type: "set";
  id?: string | number | null;
  guidance?: number | null;
  seed?: number | null;
}

/** Receive the messages of some channels from now on. */
export interface Subscribe {
  type: "subscribe";
  id?: string | number | null;
  channels: ("queue" | "stats" | "log")[];
}

/** Receive the messages of some channels no more. */
export interface Unsubscribe {
  type: "unsubscribe";
  id?: string | number | null;
  channels: ("queue" | "stats" | "log")[];
}

/** One text of a blend. */
export interface WeightedPrompt {
  text: string;
  weight?: number;
}

/** A request was fulfilled. For a prompt: its cue, and when it is seen; `eta_s` is None while that is unknown. */
export interface Accepted {
  type: "accepted";
  id?: string | number | null;
  cue?: number | null;
  enters_frame?: number | null;
  visible_frame?: number | null;
  eta_s?: number | null;
  understood?: string[] | null;
}

/** A prompt, or a blend of them, from one latent on. */
export interface Cue {
  cue: number;
  prompts: WeightedPrompt[];
  start: number;
  transition: number;
  status: "waiting" | "on_air" | "past";
  enters_frame: number;
  visible_frame: number;
  eta_s?: number | null;
  on_air_frame?: number | null;
  understood?: string[] | null;
}

/** What the engine is doing; `message` says why, where there is a reason. */
export interface EngineStatus {
  state: string;
  message?: string;
  progress?: Progress | null;
}

/** A request cannot be fulfilled; the connection stays open. `code` is an ErrorCode, or one of the model's own. */
export interface Error {
  type: "error";
  id?: string | number | null;
  code: string;
  message: string;
}

/** A line of the server's log. */
export interface Log {
  type: "log";
  level: string;
  message: string;
}

/** Sizes in pixels, `fps` in frames per second; the rest as in `ModelSpec` and the engine's settings. */
export interface ModelInfo {
  name: string;
  width: number;
  height: number;
  fps: number;
  frames_per_latent: number;
  levels: number;
  chunk: number;
  micro_steps: number;
  window: number;
  context: number;
  queue_length: number;
  ranks: number;
  dtype: string;
  device: string;
  supports_guidance: boolean;
  guidance: number;
  max_prompt_chars: number;
  default_prompt: string;
  licence: string;
  non_commercial: boolean;
  knows: string[];
}

/** The first frame of a cue was just handed to the encoders. */
export interface OnAir {
  type: "on_air";
  cue: number;
  frame: number;
}

/** How far the start is: loading, warming (the first pass over the queue), running. */
export interface Progress {
  type: "progress";
  stage: "importing" | "loading" | "warming" | "running";
  done?: number;
  total?: number;
  detail?: string;
}

/** The whole diagonal, head first; sent a few times a second. */
export interface Queue {
  type: "queue";
  tick: number;
  slots: Slot[];
}

/** One slot of the queue: its noise level (0 clean, 1 pure noise), its cue and how many ticks it has lived. */
export interface Slot {
  latent: number;
  level: number;
  cue: number;
  age: number;
}

/** Everything there is to know, on connecting and after each change. */
export interface State {
  type: "state";
  version?: number;
  role: "view" | "steer";
  view_token?: string;
  engine: EngineStatus;
  model: ModelInfo | null;
  fps: number;
  frame: number;
  cues: Cue[];
  on_air: number | null;
  viewers: number;
  paused: boolean;
  seed: number;
  guidance: number;
}

/** How the stream does, about once a second: the engine's figures and the server's. */
export interface Stats {
  generated_fps: number;
  tick_ms: number;
  denoiser_ms: number;
  decode_ms: number;
  worker_rss_mb: number;
  device_mb: number;
  type: "stats";
  viewers: number;
  delivered_fps: number;
  encode_ms: number;
  frame: number;
  buffered: number;
  late: number;
  dropped: number;
  restarts: number;
  eta_error_s: number;
}

export type ClientMessage = Prompt | Set | Pause | Resume | Cut | Subscribe | Unsubscribe;

export type ServerMessage = Accepted | Error | OnAir | State | Queue | Stats | Log;
