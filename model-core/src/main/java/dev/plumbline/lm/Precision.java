package dev.plumbline.lm;

/** The numbers that matrix products are made with; weights are kept as float32 in either case. */
public enum Precision {
  /** Single precision throughout. */
  FLOAT32,
  /**
   * Mixed precision (Micikevicius et al. 2018, with bfloat16): matrix products and attention take
   * and give bfloat16; the residual stream, norms, the softmax of attention, log-probabilities,
   * losses, gradients' sums, master weights and moments are float32.
   */
  BFLOAT16;

  /** TorchScript behind an expression that is to enter a matrix product. */
  String narrow() {
    return this == BFLOAT16 ? ".to(15)" : "";
  }

  /** TorchScript behind an expression that is to be float32 again. */
  String wide() {
    return this == BFLOAT16 ? ".to(6)" : "";
  }
}
