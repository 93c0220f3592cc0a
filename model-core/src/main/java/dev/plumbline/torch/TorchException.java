package dev.plumbline.torch;

/** The native library refused an operation; the message is its own, cut to what matters. */
public final class TorchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TorchException(String message, Throwable cause) {
    super(message, cause);
  }
}
