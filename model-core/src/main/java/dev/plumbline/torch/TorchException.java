package dev.plumbline.torch;

/** The native library refused an operation; the message is its own, cut to what matters. */
public final class TorchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Whether memory, the machine's or a device's, did not suffice. */
  public boolean isOutOfMemory() {
    String message = String.valueOf(getMessage());
    return message.contains("out of memory")
        || message.contains("not enough memory")
        || message.contains("can't allocate memory");
  }

  TorchException(String message, Throwable cause) {
    super(message, cause);
  }
}
