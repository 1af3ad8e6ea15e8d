/**
 * The few operations on a storage queue that this program needs. Everything a caller decides on is a value; everything
 * else is thrown as FailedError.
 */

export interface QueueMessage {
  readonly id: string;
  /** As it lies in the queue: base64 or plain. */
  readonly text: string;
  /** How often it was received, this time included. */
  readonly dequeueCount: number;
  /** Names this receipt: whoever has another cannot remove it. */
  readonly receipt: string;
}

export interface SendOptions {
  /** Milliseconds until it can be received; at most six days count. */
  readonly delay?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Queue {
  readonly name: string;
  /** Sends a message that never expires. */
  send(text: string, options?: SendOptions): Promise<void>;
  /** @returns up to `max` (at most 32) messages, hidden from all others for `hidden` milliseconds */
  receive(options: {
    readonly max: number;
    readonly hidden: number;
    readonly signal?: AbortSignal | undefined;
  }): Promise<readonly QueueMessage[]>;
  /**
   * Hides it for so many milliseconds from now.
   * @returns it with its new receipt; null where it has become someone else's, or is gone
   */
  hide(message: QueueMessage, hidden: number): Promise<QueueMessage | null>;
  /** @returns false where it had become someone else's, or was gone */
  remove(message: QueueMessage): Promise<boolean>;
  /** Up to `max` (at most 32) of those that can be received, which stay where they are. None where the queue is missing, which is not made by this. */
  peek(max: number): Promise<readonly QueueMessage[]>;
  /** About how many there are, hidden ones included; none where the queue is missing, which is not made by this. */
  length(signal?: AbortSignal): Promise<number>;
}
