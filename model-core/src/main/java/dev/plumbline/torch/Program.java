package dev.plumbline.torch;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtModel;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TorchScript program: methods over tensors, each of which runs in one native call.
 *
 * <p>The source is a list of methods in TorchScript (Python's syntax, two spaces of indentation
 * inside the class, every argument annotated). A <em>loss method</em> has the form
 *
 * <pre>{@code
 * def my_loss(self, p: List[Tensor], ids: Tensor, clip: float) -> List[Tensor]:
 *   ...
 *   return [loss, something_to_report]
 * }</pre>
 *
 * where {@code p} are the parameters, further arguments are {@code Tensor}, {@code List[Tensor]},
 * {@code int}, {@code float} or {@code bool}, and the first output is the scalar to be
 * differentiated.
 */
public final class Program {
  private static final Pattern SIGNATURE =
      Pattern.compile("^  def (\\w+)\\(self,?\\s*([^)]*)\\)\\s*->", Pattern.MULTILINE);

  /**
   * What a loss method gave back; its gradients are already in the accumulators.
   *
   * @param outputs the method's outputs, without their history; the first is the loss
   */
  public record Gradients(List<Tensor> outputs) {
    /** The loss. */
    public double loss() {
      return outputs.getFirst().item();
    }
  }

  /**
   * An argument of a method.
   *
   * @param name its name in the text
   * @param type its TorchScript type
   */
  public record Argument(String name, String type) {}

  private final TorchRuntime runtime;
  private final Model model;
  private final PtSymbolBlock block;
  private final Map<String, List<Argument>> signatures;

  private Program(TorchRuntime runtime, Model model, Map<String, List<Argument>> signatures) {
    this.runtime = runtime;
    this.model = model;
    this.block = (PtSymbolBlock) model.getBlock();
    this.signatures = signatures;
  }

  /**
   * Compiles a program whose losses are differentiated in one piece; see {@link
   * #compile(TorchRuntime, String, Collection, GradientForm)}.
   */
  public static Program compile(TorchRuntime runtime, String methods, Collection<String> losses) {
    return compile(runtime, methods, losses, GradientForm.WHOLE);
  }

  /**
   * Compiles a program. The runtime keeps one for each text, and frees it when it closes.
   *
   * @param methods TorchScript text of the methods, each beginning {@code " def "}
   * @param losses names of the loss methods, those that {@link #gradients} may call
   * @param form how they are differentiated
   * @throws TorchException where the text is not TorchScript; the message shows the place
   */
  public static Program compile(
      TorchRuntime runtime, String methods, Collection<String> losses, GradientForm form) {
    Map<String, List<Argument>> signatures = signatures(methods);
    StringBuilder builder = new StringBuilder(methods);
    builder.append('\n').append(GradientForm.HELPERS);
    for (String loss : losses) {
      List<Argument> signature = signatures.get(loss);
      if (signature == null) {
        throw new IllegalArgumentException("no method " + loss + " in the program");
      }
      builder.append('\n').append(form.text(loss, signature));
    }
    String text = builder.toString();
    return runtime.programs().computeIfAbsent(text, t -> build(runtime, t, signatures));
  }

  private static Program build(
      TorchRuntime runtime, String text, Map<String, List<Argument>> signatures) {
    // A program holds no tensors, so that it runs wherever its arguments lie.
    Model model = Model.newInstance("plumbline", Device.cpu(), "PyTorch");
    try {
      ((PtModel) model).load(new ByteArrayInputStream(ScriptArchive.of(text)), Map.of());
      return new Program(runtime, model, signatures);
    } catch (IOException | ai.djl.MalformedModelException | EngineException e) {
      model.close();
      throw new TorchException("The program does not compile: " + e.getMessage(), e);
    }
  }

  private static Map<String, List<Argument>> signatures(String methods) {
    Map<String, List<Argument>> signatures = new LinkedHashMap<>();
    Matcher matcher = SIGNATURE.matcher(methods);
    while (matcher.find()) {
      List<Argument> arguments = new ArrayList<>();
      for (String argument : matcher.group(2).split(",(?![^\\[]*])")) {
        if (!argument.isBlank()) {
          String[] parts = argument.split(":", 2);
          if (parts.length < 2) {
            throw new IllegalArgumentException(
                "argument '" + argument.strip() + "' of " + matcher.group(1) + " has no type");
          }
          arguments.add(new Argument(parts[0].strip(), parts[1].strip()));
        }
      }
      signatures.put(matcher.group(1), List.copyOf(arguments));
    }
    return signatures;
  }

  /**
   * Calls a method without autograd.
   *
   * @param arguments {@link Tensor}, {@code List<Tensor>}, {@code Long}, {@code Integer}, {@code
   *     Double}, {@code Boolean} or {@code long[]}, as the method's signature says
   * @return the method's tensors (of a tensor, a list, or a tuple of these), in the current scope
   * @throws TorchException where the native library refuses
   */
  public List<Tensor> call(String method, Object... arguments) {
    IValue[] values = new IValue[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        values[i] = value(arguments[i]);
      }
      long start = System.nanoTime();
      try (IValue result = IValueUtils.runMethod(block, method, values)) {
        runtime.ran(start);
        List<Tensor> outputs = new ArrayList<>();
        collect(result, outputs);
        return outputs;
      }
    } catch (EngineException e) {
      throw failure(method, e);
    } finally {
      for (IValue value : values) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private void collect(IValue value, List<Tensor> outputs) {
    PtNDManager manager = (PtNDManager) runtime.manager();
    if (value.isTensor()) {
      outputs.add(runtime.wrap(value.toTensor(manager)));
    } else if (value.isTensorList()) {
      for (PtNDArray array : value.toTensorArray(manager)) {
        outputs.add(runtime.wrap(array));
      }
    } else if (value.isTuple() || value.isList()) {
      for (IValue part : value.isTuple() ? value.toIValueTuple() : value.toIValueArray()) {
        try (part) {
          collect(part, outputs);
        }
      }
    }
  }

  private static IValue value(Object argument) {
    return switch (argument) {
      case Tensor tensor -> IValue.from(tensor.array());
      case Long number -> IValue.from(number.longValue());
      case Integer number -> IValue.from(number.longValue());
      case Double number -> IValue.from(number.doubleValue());
      case Boolean flag -> IValue.from(flag.booleanValue());
      case long[] numbers -> IValue.listFrom(numbers);
      case List<?> tensors -> {
        PtNDArray[] arrays = new PtNDArray[tensors.size()];
        for (int i = 0; i < arrays.length; i++) {
          arrays[i] = ((Tensor) tensors.get(i)).array();
        }
        yield IValue.listFrom(arrays);
      }
      default ->
          throw new IllegalArgumentException("not a program's argument: " + argument.getClass());
    };
  }

  /**
   * Runs a loss method and adds the gradients of its first output to accumulators.
   *
   * @param method a name given as a loss when the program was compiled
   * @param parameters what is differentiated by; the method's first argument
   * @param into accumulators, one for each of the first parameters: of the same shape, or empty for
   *     a parameter that is not trained; parameters beyond are not trained either
   * @param arguments the method's further arguments, as in {@link #call}
   * @throws TorchException where the native library refuses
   */
  public Gradients gradients(
      String method, List<Tensor> parameters, List<Tensor> into, Object... arguments) {
    return gradients(method, 1, parameters, into, arguments);
  }

  /**
   * As {@link #gradients(String, List, List, Object...)}, with the gradients multiplied by a share:
   * what a part of a batch weighs in the mean over the whole.
   */
  public Gradients gradients(
      String method,
      double share,
      List<Tensor> parameters,
      List<Tensor> into,
      Object... arguments) {
    List<Argument> signature = signatures.get(method);
    if (signature == null || signature.size() != arguments.length + 1) {
      throw new IllegalArgumentException(
          "the arguments of " + method + " are " + signature + ", not " + arguments.length);
    }
    try (Scope scope = runtime.scope()) {
      NDList inputs = new NDList();
      // Numbers stay in the processor's memory: the program reads them there without waiting.
      NDManager numbers = scope.manager().newSubManager(Device.cpu());
      inputs.add(named(numbers.create(0f), "module_method:" + method + "__gradients"));
      parameters.forEach(tensor -> inputs.add(named(tensor.array(), "p[]")));
      into.forEach(tensor -> inputs.add(named(tensor.array(), "into[]")));
      inputs.add(numbers.create(share));
      for (int i = 0; i < arguments.length; i++) {
        String name = signature.get(i + 1).name();
        switch (arguments[i]) {
          case Tensor tensor -> inputs.add(named(tensor.array(), null));
          case List<?> tensors ->
              tensors.forEach(t -> inputs.add(named(((Tensor) t).array(), name + "[]")));
          case Double number -> inputs.add(numbers.create(number.doubleValue()));
          case Long number -> inputs.add(numbers.create(number.longValue()));
          case Integer number -> inputs.add(numbers.create(number.longValue()));
          case Boolean flag -> inputs.add(numbers.create(flag.booleanValue()));
          default ->
              throw new IllegalArgumentException(
                  "not a loss method's argument: " + arguments[i].getClass());
        }
      }
      JniUtils.setGradMode(true);
      long start = System.nanoTime();
      NDList outputs = IValueUtils.forward(block, inputs, true);
      runtime.ran(start);
      List<Tensor> tensors = new ArrayList<>();
      for (NDArray output : outputs) {
        output.detach();
        output.attach(runtime.outer(scope));
        tensors.add(runtime.wrap(output));
      }
      return new Gradients(tensors);
    } catch (EngineException e) {
      throw failure(method, e);
    }
  }

  private static NDArray named(NDArray array, @org.jspecify.annotations.Nullable String name) {
    array.setName(name);
    return array;
  }

  private static TorchException failure(String method, EngineException e) {
    String message = e.getMessage();
    String text = message == null ? "" : message;
    // The message ends in a native stack that says nothing to anyone here.
    int stack = text.indexOf("Exception raised from");
    return new TorchException(
        method + ": " + (stack > 0 ? text.substring(0, stack) : text).strip(), e);
  }

  void free() {
    model.close();
  }
}
