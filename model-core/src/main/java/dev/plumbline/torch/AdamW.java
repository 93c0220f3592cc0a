package dev.plumbline.torch;

import dev.plumbline.data.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2) with bias correction and epsilon outside the
 * square root's correction, as PyTorch has it: {@code p -= lr (m / (1 - beta1^t)) / (sqrt(v / (1 -
 * beta2^t)) + eps)} after {@code p -= lr * decay * p}. Decay touches matrices only. The moments are
 * plain tensors, so they can be saved and restored.
 */
public final class AdamW implements AutoCloseable {
  private static final String SOURCE =
      """
        def clip(self, g: List[Tensor], limit: float) -> Tensor:
          norms = torch._foreach_norm(g, 2)
          norm = torch.linalg_vector_norm(torch.stack(norms, 0), 2)
          if float(norm) > limit:
            torch._foreach_mul_(g, limit / (float(norm) + 1e-6))
          return norm
        def step(self, p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], steps: List[Tensor], lr: float, beta1: float, beta2: float, decay: float, eps: float) -> None:
          torch._foreach_add_(steps, 1)
          torch._fused_adamw_(p, g, m, v, annotate(List[Tensor], []), steps, lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False, grad_scale=None, found_inf=None)
        def zero(self, g: List[Tensor]) -> None:
          torch._foreach_zero_(g)
      """;

  /**
   * Hyper-parameters.
   *
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param weightDecay decoupled decay of matrices, a fraction of the learning rate
   */
  public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
    /** The settings of language-model training: betas 0.9 and 0.95, epsilon 1e-8. */
    public static Settings withDecay(double weightDecay) {
      return new Settings(0.9, 0.95, 1e-8, weightDecay);
    }
  }

  /** Parameters that share a decay, with their state. */
  private record Group(
      double decay,
      List<Tensor> parameters,
      List<Tensor> gradients,
      List<Tensor> first,
      List<Tensor> second,
      List<Tensor> steps) {
    Group(double decay) {
      this(
          decay,
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }
  }

  private final TorchRuntime runtime;
  private final Settings settings;
  private final Program program;
  private final List<String> names;
  private final List<Tensor> accumulators = new ArrayList<>();
  private final List<Tensor> gradients = new ArrayList<>();
  private final List<Tensor> first = new ArrayList<>();
  private final List<Tensor> second = new ArrayList<>();
  private final List<Tensor> steps = new ArrayList<>();
  private final List<Group> groups;

  /**
   * An optimiser of these parameters, which it updates in place.
   *
   * @param names one name for each parameter, under which its state is saved
   */
  public AdamW(
      TorchRuntime runtime, List<Tensor> parameters, List<String> names, Settings settings) {
    this(runtime, parameters, names, name -> true, settings);
  }

  /**
   * An optimiser of some of these parameters.
   *
   * @param names one name for each parameter, under which its state is saved
   * @param trains which of them it updates; the others have no state
   */
  public AdamW(
      TorchRuntime runtime,
      List<Tensor> parameters,
      List<String> names,
      Predicate<String> trains,
      Settings settings) {
    if (names.size() != parameters.size()) {
      throw new IllegalArgumentException(names.size() + " names of " + parameters.size());
    }
    this.runtime = runtime;
    this.settings = settings;
    this.names = names.stream().filter(trains).toList();
    if (this.names.isEmpty()) {
      throw new UserError("everything is frozen, so there is nothing to train; freeze less");
    }
    this.program = Program.compile(runtime, SOURCE, List.of());
    Group matrices = new Group(settings.weightDecay());
    Group others = new Group(0);
    for (int i = 0; i < parameters.size(); i++) {
      if (!trains.test(names.get(i))) {
        accumulators.add(runtime.zeros(0).keep());
        continue;
      }
      Tensor parameter = parameters.get(i);
      long[] shape = parameter.shape();
      Tensor gradient = runtime.zeros(shape).keep();
      accumulators.add(gradient);
      Tensor m = runtime.zeros(shape).keep();
      Tensor v = runtime.zeros(shape).keep();
      Tensor step = runtime.zeros().keep();
      gradients.add(gradient);
      first.add(m);
      second.add(v);
      steps.add(step);
      Group group = shape.length >= 2 ? matrices : others;
      group.parameters().add(parameter);
      group.gradients().add(gradient);
      group.first().add(m);
      group.second().add(v);
      group.steps().add(step);
    }
    this.groups =
        List.of(matrices, others).stream().filter(g -> !g.parameters().isEmpty()).toList();
  }

  /**
   * The accumulators of {@link Program#gradients}, one for each parameter, empty where it is not
   * trained; {@link #step} sets them to zero.
   */
  public List<Tensor> gradients() {
    return accumulators;
  }

  /**
   * Scales the accumulated gradients so that their global norm is at most {@code limit}.
   *
   * @return the global norm before; NaN or infinite where a gradient is
   */
  public double clip(double limit) {
    try (Scope _ = runtime.scope()) {
      return program.call("clip", gradients, limit).getFirst().item();
    }
  }

  /** One step down the accumulated gradients, which are zero afterwards. */
  public void step(double learningRate) {
    for (Group group : groups) {
      program.call(
          "step",
          group.parameters(),
          group.gradients(),
          group.first(),
          group.second(),
          group.steps(),
          learningRate,
          settings.beta1(),
          settings.beta2(),
          group.decay(),
          settings.epsilon());
    }
    discard();
  }

  /** Forgets the accumulated gradients. */
  public void discard() {
    program.call("zero", gradients);
  }

  /** The state by name: {@code NAME.first_moment}, {@code .second_moment}, {@code .steps}. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      state.put(names.get(i) + ".first_moment", first.get(i));
      state.put(names.get(i) + ".second_moment", second.get(i));
      state.put(names.get(i) + ".steps", steps.get(i));
    }
    return state;
  }

  /**
   * Takes up a state that {@link #state} gave; further tensors are ignored.
   *
   * @throws UserError where a tensor is missing or has another shape
   */
  public void restore(Map<String, SafeTensors.Entry> saved) {
    discard();
    state()
        .forEach(
            (name, tensor) -> {
              SafeTensors.Entry entry = saved.get(name);
              if (entry == null) {
                throw new UserError("the optimiser state has no tensor " + name);
              }
              if (entry.size() != tensor.size()) {
                throw new UserError(
                    "the optimiser state's tensor "
                        + name
                        + " has "
                        + entry.size()
                        + " elements, not "
                        + tensor.size());
              }
              tensor.set(entry.values());
            });
  }

  /** Frees the state; the parameters are the caller's. */
  @Override
  public void close() {
    for (List<Tensor> tensors : List.of(accumulators, first, second, steps)) {
      tensors.forEach(Tensor::close);
    }
  }
}
