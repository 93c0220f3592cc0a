package dev.plumbline.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import dev.plumbline.data.UserError;
import dev.plumbline.device.CudaRuntime;
import dev.plumbline.device.DeviceChoice;
import dev.plumbline.device.Processors;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native tensor library in this process. Start it once; use it, its tensors and its programs
 * from one thread. It never goes to the network.
 *
 * <p>Memory: a tensor belongs to the innermost open {@link Scope}, or to the runtime where none is
 * open. The habit is one scope a step:
 *
 * <pre>{@code
 * try (Scope step = runtime.scope()) {
 *   Tensor ids = runtime.longs(tokens, batch, length);
 *   ...
 * }
 * }</pre>
 */
public final class TorchRuntime implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TorchRuntime.class);
  private static boolean interopSet;

  private final NDManager root;
  private final DeviceChoice device;
  private final int threads;
  private final String version;
  private final Deque<Scope> scopes = new ArrayDeque<>();
  private final Map<String, Program> programs = new HashMap<>();
  private long programNanos;

  private TorchRuntime(NDManager root, DeviceChoice device, int threads, String version) {
    this.root = root;
    this.device = device;
    this.threads = threads;
    this.version = version;
  }

  /** Starts the runtime on the CPU, with its progress in the log. */
  public static TorchRuntime start(int threads) {
    return start(threads, LOG::info);
  }

  /** Starts the runtime on the CPU. */
  public static TorchRuntime start(int threads, Consumer<String> progress) {
    return start(threads, DeviceChoice.CPU, progress);
  }

  /**
   * Starts the runtime. The first start in a process decides between the library's builds: where
   * that was the CPU's, a later start cannot use CUDA.
   *
   * @param threads threads for one operation; 0 chooses from the cores that are free now
   * @param device where operations run and tensors lie; not {@code auto}, which is for {@link
   *     dev.plumbline.device.Machine} to resolve
   * @param progress hears, in a line, of work that takes long: the first start on a machine unpacks
   *     about 450 MB
   * @throws UserError where the native library cannot be loaded, or has no such device
   */
  public static TorchRuntime start(int threads, DeviceChoice device, Consumer<String> progress) {
    if (threads < 0) {
      throw new UserError("threads must be 0 (choose) or more, not " + threads);
    }
    if (device.kind() == DeviceChoice.Kind.AUTO) {
      throw new IllegalArgumentException("a device to be chosen");
    }
    Natives.quiet();
    if (device.kind() == DeviceChoice.Kind.CUDA) {
      Natives.useCuda(
          CudaRuntime.find()
              .orElseThrow(
                  () ->
                      new UserError(
                          "device "
                              + device
                              + " needs the CUDA runtime; run `plumbline gpu install`")));
    } else {
      Natives.announceUnpacking(progress);
    }
    int chosen = threads > 0 ? threads : Processors.free();
    try {
      Engine engine = Engine.getEngine("PyTorch");
      Natives.silence();
      if (!interopSet) {
        // For the branches of programs that fork, beside the thread that calls them.
        JniUtils.setNumInteropThreads(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
        interopSet = true;
      }
      JniUtils.setNumThreads(chosen);
      // The profiling executor optimises anew for each shape; the plain interpreter is steady.
      JniUtils.setGraphExecutorOptimize(false);
      NDManager root = engine.newBaseManager(djlDevice(device));
      require(device, root);
      return new TorchRuntime(root, device, chosen, engine.getVersion());
    } catch (UserError e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw new UserError(
          "The tensor library could not be loaded ("
              + Natives.firstLine(e)
              + "); check that the folder "
              + Natives.cache()
              + " is writable and has 500 MB free",
          e);
    }
  }

  private static Device djlDevice(DeviceChoice device) {
    return switch (device.kind()) {
      case CPU, AUTO -> Device.cpu();
      case CUDA -> Device.gpu(device.index());
      case MPS -> Device.of("mps", -1);
    };
  }

  /** A build without the device says so only when the first tensor is made. */
  private static void require(DeviceChoice device, NDManager root) {
    if (device.kind() == DeviceChoice.Kind.CPU) {
      return;
    }
    try (NDManager trial = root.newSubManager()) {
      trial.ones(new Shape(1)).getFloat(0);
    } catch (EngineException e) {
      root.close();
      throw new UserError(
          "device "
              + device
              + " cannot be used: "
              + Natives.firstLine(e)
              + "; `plumbline doctor` tells more, --device cpu does without",
          e);
    }
  }

  /** Where operations run and tensors lie. */
  public DeviceChoice device() {
    return device;
  }

  /** Whether tensors lie in the memory that Java sees. */
  boolean onCpu() {
    return device.kind() == DeviceChoice.Kind.CPU;
  }

  /** The folder that the native library was loaded from. */
  public static String libraryFolder() {
    return LibUtils.getLibtorchPath();
  }

  /** Threads that one operation may use. */
  public int threads() {
    return threads;
  }

  /** Whether operations run on the processor, so that threads are theirs to share. */
  public boolean isOnCpu() {
    return device.kind() == DeviceChoice.Kind.CPU;
  }

  /**
   * Runs something whose operations take another number of threads. With one, a program that forks
   * computes its branches side by side, each in one thread.
   */
  public <T extends @Nullable Object> T withThreads(int each, Supplier<T> work) {
    if (each == threads) {
      return work.get();
    }
    JniUtils.setNumThreads(each);
    try {
      return work.get();
    } finally {
      JniUtils.setNumThreads(threads);
    }
  }

  /** The native library's version. */
  public String version() {
    return version;
  }

  /** Opens a scope inside the current one. */
  public Scope scope() {
    Scope scope = new Scope(this, manager().newSubManager());
    scopes.push(scope);
    return scope;
  }

  void leave(Scope scope) {
    if (scopes.peek() != scope) {
      throw new IllegalStateException("scopes close in the reverse order of their opening");
    }
    scopes.pop();
  }

  /** The manager that was current before this innermost scope opened. */
  NDManager outer(Scope scope) {
    NDManager outer = root;
    for (Scope open : (Iterable<Scope>) scopes::descendingIterator) {
      if (open == scope) {
        break;
      }
      outer = open.manager();
    }
    return outer;
  }

  Map<String, Program> programs() {
    return programs;
  }

  NDManager root() {
    return root;
  }

  NDManager manager() {
    Scope scope = scopes.peek();
    return scope == null ? root : scope.manager();
  }

  /** Native arrays alive in the runtime and its open scopes. */
  public int liveTensors() {
    int live = root.getManagedArrays().size();
    for (Scope scope : scopes) {
      live += scope.manager().getManagedArrays().size();
    }
    return live;
  }

  /** Notes that a program has run since some {@link System#nanoTime}. */
  void ran(long since) {
    programNanos += System.nanoTime() - since;
  }

  /** Seconds that programs have run in native code since the start. */
  public double programSeconds() {
    return programNanos * 1e-9;
  }

  /** A float32 tensor with these elements, row-major. */
  public Tensor floats(float[] values, long... shape) {
    requireSize(values.length, shape);
    return wrap(manager().create(values, new Shape(shape)));
  }

  /**
   * A float64 tensor with these elements, row-major. On Apple's GPU, which has no float64, it is a
   * float32 tensor; programs take their precision from the tensors that they are given.
   */
  public Tensor doubles(double[] values, long... shape) {
    requireSize(values.length, shape);
    if (device.kind() == DeviceChoice.Kind.MPS) {
      float[] floats = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats(floats, shape);
    }
    return wrap(manager().create(values, new Shape(shape)));
  }

  /** An int64 tensor with these elements, row-major. */
  public Tensor longs(long[] values, long... shape) {
    requireSize(values.length, shape);
    return wrap(manager().create(values, new Shape(shape)));
  }

  /** A float32 tensor of zeros. */
  public Tensor zeros(long... shape) {
    return wrap(manager().zeros(new Shape(shape), DataType.FLOAT32));
  }

  Tensor wrap(ai.djl.ndarray.NDArray array) {
    return new Tensor(this, (PtNDArray) array);
  }

  private static void requireSize(int values, long[] shape) {
    if (new Shape(shape).size() != values) {
      throw new IllegalArgumentException(
          values + " values for the shape " + java.util.Arrays.toString(shape));
    }
  }

  /** Frees every tensor that is still alive; the native library itself stays loaded. */
  @Override
  public void close() {
    scopes.clear();
    programs.values().forEach(Program::free);
    programs.clear();
    root.close();
  }
}
