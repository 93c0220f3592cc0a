package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.training.TokenTrace.Token;
import java.util.Locale;

/** What the tokens of a response can be coloured by; all of it is in nats. */
public enum TokenQuantity {
  /** No colours. */
  NONE(Scale.RISING),
  /** Minus ln pi of the token: the stronger the colour, the less the policy expected it. */
  SURPRISE(Scale.RISING),
  /** KL(pi, pi_ref) before the token. */
  KL(Scale.RISING),
  /** Entropy of pi before the token. */
  ENTROPY(Scale.RISING),
  /** The value function before the token. */
  VALUE(Scale.SIGNED),
  /** The token's advantage. */
  ADVANTAGE(Scale.SIGNED);

  /** How values become colours. */
  public enum Scale {
    /** From nothing upwards. */
    RISING,
    /** From below zero over zero to above it. */
    SIGNED
  }

  private final Scale scale;

  TokenQuantity(Scale scale) {
    this.scale = scale;
  }

  /** How its values become colours. */
  public Scale scale() {
    return scale;
  }

  /** The value of a token, nats; NaN where it was not kept. */
  public double of(Token token) {
    return switch (this) {
      case NONE -> Double.NaN;
      case SURPRISE -> 0.0 - token.logProbability();
      case KL -> token.kl();
      case ENTROPY -> token.entropy();
      case VALUE -> token.value();
      case ADVANTAGE -> token.advantage();
    };
  }

  /** Its name for people. */
  public String words() {
    return switch (this) {
      case NONE -> Strings.text("samples.colour.none");
      case SURPRISE -> Strings.text("samples.colour.surprise");
      case KL -> Strings.text("samples.colour.kl");
      case ENTROPY -> Strings.text("samples.colour.entropy");
      case VALUE -> Strings.text("samples.colour.value");
      case ADVANTAGE -> Strings.text("samples.colour.advantage");
    };
  }

  /** What it is, in a sentence. */
  public String meaning() {
    return switch (this) {
      case NONE -> Strings.text("samples.meaning.none");
      case SURPRISE -> Strings.text("samples.meaning.surprise");
      case KL -> Strings.text("samples.meaning.kl");
      case ENTROPY -> Strings.text("samples.meaning.entropy");
      case VALUE -> Strings.text("samples.meaning.value");
      case ADVANTAGE -> Strings.text("samples.meaning.advantage");
    };
  }

  /** Its stable name. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
