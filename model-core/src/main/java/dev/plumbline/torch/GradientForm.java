package dev.plumbline.torch;

import dev.plumbline.torch.Program.Argument;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a loss method becomes the method behind {@link Program#gradients}, which must be named {@code
 * LOSS__gradients} and take {@code (self, p: List[Tensor], into: List[Tensor], share: Tensor)},
 * then the loss's further arguments. It adds {@code share} times the gradients of the loss's first
 * output to {@code into} and returns all outputs without their history. Numbers come as scalar
 * tensors, because only tensors cross the border with autograd on.
 */
@FunctionalInterface
public interface GradientForm {
  /** One backward pass through everything that the loss did. */
  GradientForm WHOLE =
      (loss, signature) ->
          """
            def LOSS__gradients(self, p: List[Tensor], into: List[Tensor], share: TensorDECLARED) -> List[Tensor]:
              leaves = self.leaves(p, into)
              outputs = self.LOSS(leavesPASSED)
              trained = self.trained(leaves, into, 0, len(into))
              self.accumulate(torch.grad([outputs[0] * float(share)], trained, None, None, False, True), into, 0, len(into))
              return self.detached(outputs)
          """
              .replace("LOSS", loss)
              .replace("DECLARED", declared(signature.subList(1, signature.size())))
              .replace("PASSED", passed(signature.subList(1, signature.size())));

  /**
   * What gradient methods have at hand. A parameter whose accumulator is empty is not trained:
   * autograd computes nothing for it, and nothing below the lowest one that is.
   *
   * <pre>{@code
   * leaves(p, into)                      the parameters, those that are trained as leaves
   * trained(leaves, into, start, end)    those of a range that are trained
   * accumulate(gradients, into, start, end)   adds the gradients of trained(...)
   * cloned(tensors)                      copies: a tensor made without autograd may not be saved for
   *                                      a backward pass
   * detached(tensors)                    without their history
   * }</pre>
   */
  String HELPERS =
      """
        def cloned(self, tensors: List[Tensor]) -> List[Tensor]:
          found = annotate(List[Tensor], [])
          for t in tensors:
            found.append(t.clone())
          return found

        def detached(self, tensors: List[Tensor]) -> List[Tensor]:
          found = annotate(List[Tensor], [])
          for t in tensors:
            found.append(t.detach())
          return found

        def leaves(self, p: List[Tensor], into: List[Tensor]) -> List[Tensor]:
          found = annotate(List[Tensor], [])
          for i in range(len(p)):
            t = p[i].detach()
            if i < len(into):
              if into[i].numel() > 0:
                t = t.requires_grad_(True)
            found.append(t)
          return found

        def trained(self, leaves: List[Tensor], into: List[Tensor], start: int, end: int) -> List[Tensor]:
          found = annotate(List[Tensor], [])
          for i in range(start, end):
            if into[i].numel() > 0:
              found.append(leaves[i])
          return found

        def accumulate(self, gradients: List[Optional[Tensor]], into: List[Tensor], start: int, end: int) -> int:
          k = 0
          for i in range(start, end):
            if into[i].numel() > 0:
              g = gradients[k]
              k = k + 1
              if g is not None:
                into[i].add_(g)
          return k
      """;

  /**
   * The method's text.
   *
   * @param loss the loss method's name
   * @param signature its arguments without {@code self}; the first are the parameters
   */
  String text(String loss, List<Argument> signature);

  /** Declarations of a gradient method's further arguments, each after a comma. */
  static String declared(List<Argument> arguments) {
    return arguments.stream()
        .map(
            argument ->
                ", " + argument.name() + ": " + (isList(argument) ? "List[Tensor]" : "Tensor"))
        .collect(Collectors.joining());
  }

  /** The same arguments as the loss wants them, each after a comma. */
  static String passed(List<Argument> arguments) {
    return arguments.stream()
        .map(argument -> ", " + passed(argument))
        .collect(Collectors.joining());
  }

  private static String passed(Argument argument) {
    String name = argument.name();
    return switch (argument.type()) {
      case "Tensor" -> name + ".clone()";
      case "List[Tensor]" -> "self.cloned(" + name + ")";
      case "int", "float", "bool" -> argument.type() + "(" + name + ")";
      default ->
          throw new IllegalArgumentException("a loss method cannot take a " + argument.type());
    };
  }

  private static boolean isList(Argument argument) {
    return argument.type().equals("List[Tensor]");
  }
}
