package dev.plumbline.torch;

import ai.djl.ndarray.NDManager;

/**
 * Owns every tensor made while it is the innermost open scope, and frees them when it closes. One
 * scope a training step keeps native memory flat; what must outlive it is {@link Tensor#keep()
 * kept}.
 */
public final class Scope implements AutoCloseable {
  private final TorchRuntime runtime;
  private final NDManager manager;
  private boolean open = true;

  Scope(TorchRuntime runtime, NDManager manager) {
    this.runtime = runtime;
    this.manager = manager;
  }

  NDManager manager() {
    return manager;
  }

  /** Hands one of the scope's tensors to the scope around it. */
  public Tensor release(Tensor tensor) {
    tensor.array().detach();
    tensor.array().attach(runtime.outer(this));
    return tensor;
  }

  /** Frees the scope's tensors; scopes close in the reverse order of their opening. */
  @Override
  public void close() {
    if (open) {
      runtime.leave(this);
      open = false;
      manager.close();
    }
  }
}
