package dev.plumbline.torch;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A native array: float32, float64, int64 or boolean, row-major. It belongs to the scope in which
 * it was made and dies with it, unless it is {@link #keep() kept}.
 */
public final class Tensor implements AutoCloseable {
  private static final String ASSIGNMENT =
      """
        def assign(self, to: Tensor, values: Tensor) -> Tensor:
          return to.copy_(values)
      """;

  private final TorchRuntime runtime;
  private final PtNDArray array;

  Tensor(TorchRuntime runtime, PtNDArray array) {
    this.runtime = runtime;
    this.array = array;
  }

  PtNDArray array() {
    return array;
  }

  /** The extent of each dimension; empty for a scalar. */
  public long[] shape() {
    return array.getShape().getShape();
  }

  /** Number of elements. */
  public long size() {
    return array.getShape().size();
  }

  /** Hands the tensor from its scope to the caller, who closes it. */
  public Tensor keep() {
    array.detach();
    array.attach(runtime.root());
    return this;
  }

  /** A copy with its own storage, in the current scope. */
  public Tensor copy() {
    PtNDArray copy = (PtNDArray) array.duplicate();
    copy.detach();
    copy.attach(runtime.manager());
    return new Tensor(runtime, copy);
  }

  /** The elements in row-major order, as float32. */
  public float[] toFloats() {
    return switch (array.getDataType()) {
      case FLOAT32 -> array.toFloatArray();
      case FLOAT64 -> {
        double[] values = array.toDoubleArray();
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
          floats[i] = (float) values[i];
        }
        yield floats;
      }
      default -> throw new IllegalStateException("not a floating-point tensor: " + this);
    };
  }

  /** The elements in row-major order, as float64. */
  public double[] toDoubles() {
    if (array.getDataType() == DataType.FLOAT64) {
      return array.toDoubleArray();
    }
    float[] values = toFloats();
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** The elements of an int64 tensor in row-major order. */
  public long[] toLongs() {
    return array.toLongArray();
  }

  /** The elements of a boolean tensor in row-major order. */
  public boolean[] toBooleans() {
    return array.toBooleanArray();
  }

  /** The one element of a floating-point or int64 tensor. */
  public double item() {
    if (size() != 1) {
      throw new IllegalStateException("not a single number: " + this);
    }
    return array.getDataType() == DataType.INT64 ? toLongs()[0] : toDoubles()[0];
  }

  /** Overwrites the elements of a float32 tensor in place. */
  public void set(float[] values) {
    if (values.length != size()) {
      throw new IllegalArgumentException(values.length + " values for " + this);
    }
    if (runtime.onCpu()) {
      array.set(FloatBuffer.wrap(values));
      return;
    }
    // The engine would exchange the storage, and beyond CUDA for one that the device cannot see.
    try (Scope _ = runtime.scope()) {
      Program.compile(runtime, ASSIGNMENT, List.of())
          .call("assign", this, runtime.floats(values, shape()));
    }
  }

  /** Frees the native memory now. */
  @Override
  public void close() {
    array.close();
  }

  @Override
  public String toString() {
    Shape shape = array.getShape();
    return array.getDataType() + Arrays.toString(shape.getShape());
  }
}
