/** For how long a saved tag can be undone without a trace: its upload waits as long. */
export const UNDO_SECONDS = 10;
