package dev.plumbline.training;

import dev.plumbline.data.UserError;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hyper-parameters of a stage that a person may change while it goes on. Their values are part
 * of every checkpoint.
 */
public final class Steering {
  /** Weight of the KL penalty; zero or more. */
  public static final String LAMBDA_KL = "lambda_kl";

  /**
   * Peak learning rate, zero or more. Warm-up and decay go on as shares of it, so a value set in
   * the middle of a decay acts with the share that the schedule has there.
   */
  public static final String LEARNING_RATE = "learning_rate";

  /** Sampling temperature; above zero. */
  public static final String TEMPERATURE = "temperature";

  private final Map<String, Double> values;

  /** Steering over these parameters, from these values. */
  public Steering(Map<String, Double> initial) {
    values = new TreeMap<>(initial);
  }

  /** The value in force. */
  public double value(String parameter) {
    Double value = values.get(parameter);
    if (value == null) {
      throw new UserError(
          "'%s' cannot be steered in this stage; try one of %s"
              .formatted(parameter, String.join(", ", values.keySet())));
    }
    return value;
  }

  /**
   * Sets a value and returns the one before.
   *
   * @throws UserError if the stage has no such parameter or the value is out of range
   */
  public double set(String parameter, double value) {
    double before = value(parameter);
    boolean zeroAllowed = !parameter.equals(TEMPERATURE);
    if (!Double.isFinite(value) || value < 0 || (value == 0 && !zeroAllowed)) {
      throw new UserError(
          "%s cannot be %s; give a number %s"
              .formatted(parameter, value, zeroAllowed ? "of zero or more" : "above zero"));
    }
    values.put(parameter, value);
    return before;
  }

  /** All values in force, by name. */
  public Map<String, Double> values() {
    return Collections.unmodifiableMap(values);
  }

  /** Takes up the values of a checkpoint; names that this stage lacks are left out. */
  void restore(Map<String, Double> saved) {
    saved.forEach((name, value) -> values.computeIfPresent(name, (key, old) -> value));
  }
}
