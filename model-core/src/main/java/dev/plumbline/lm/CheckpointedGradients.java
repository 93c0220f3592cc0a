package dev.plumbline.lm;

import dev.plumbline.torch.GradientForm;
import dev.plumbline.torch.Program.Argument;
import java.util.List;

/**
 * The backward pass that computes each block again (Chen et al. 2016). A first pass without
 * autograd keeps the residual stream before each block; the loss is differentiated down to the last
 * of them, then one block after the other, from the top. Dropout is a function of its key, so the
 * second computation drops what the first did.
 *
 * <p>A parameter belongs to the top (final norm, output, heads), to one block (its own tensors and
 * its adapters) or to the embedding; a tied embedding is collected at the top and at the bottom.
 */
final class CheckpointedGradients implements GradientForm {
  @Override
  public String text(String loss, List<Argument> signature) {
    return """
      def LOSS__gradients(self, p: List[Tensor], into: List[Tensor], share: TensorDECLARED) -> List[Tensor]:
        leaves = self.leaves(p, into)
        batch = self.cloned(x)
        turns = self.row_rotation(batch[1], p[0])
        h = self.entered(p, batch)
        streams = annotate(List[Tensor], [])
        for i in range(LAYERS):
          streams.append(h)
          h = self.block(p, i, h, turns, batch)
        h = h.detach().requires_grad_(True)
        outputs = self.LOSS_of(leaves, self.norm(leaves, {model.norm.weight}, h)PASSED)
        wanted = [h]
        wanted.extend(self.trained(leaves, into, 0, FIRST))
        wanted.extend(self.trained(leaves, into, FIRST + STRIDE * LAYERS, ADAPTERS))
        wanted.extend(self.trained(leaves, into, ADAPTERS + ADAPTER_STRIDE * LAYERS, len(into)))
        g = torch.grad([outputs[0] * float(share)], wanted, None, None, False, True)
        below = self.given(g[0], h)
        g = g[1:]
        g = g[self.accumulate(g, into, 0, FIRST):]
        g = g[self.accumulate(g, into, FIRST + STRIDE * LAYERS, ADAPTERS):]
        top = self.accumulate(g, into, ADAPTERS + ADAPTER_STRIDE * LAYERS, len(into))
        for j in range(LAYERS):
          i = LAYERS - 1 - j
          start = FIRST + STRIDE * i
          adapters = ADAPTERS + ADAPTER_STRIDE * i
          s = streams[i].detach().requires_grad_(True)
          wanted = [s]
          wanted.extend(self.trained(leaves, into, start, start + STRIDE))
          wanted.extend(self.trained(leaves, into, adapters, adapters + ADAPTER_STRIDE))
          y = self.block(leaves, i, s, turns, batch)
          g = torch.grad([y], wanted, annotate(List[Optional[Tensor]], [below]), None, False, True)
          below = self.given(g[0], h)
          g = g[1:]
          g = g[self.accumulate(g, into, start, start + STRIDE):]
          block = self.accumulate(g, into, adapters, adapters + ADAPTER_STRIDE)
        bottom = self.trained(leaves, into, 0, FIRST)
        if len(bottom) > 0:
          y = self.entered(leaves, batch)
          g = torch.grad([y], bottom, annotate(List[Optional[Tensor]], [below]), None, False, True)
          embedded = self.accumulate(g, into, 0, FIRST)
        return self.detached(outputs)
    """
        .replace("LOSS", loss)
        .replace("DECLARED", GradientForm.declared(signature.subList(1, signature.size())))
        .replace("PASSED", GradientForm.passed(signature.subList(2, signature.size())));
  }
}
