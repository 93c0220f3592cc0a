package dev.plumbline.app.samples;

import dev.plumbline.training.TokenTrace;
import dev.plumbline.training.TokenTrace.Token;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * How values become one of {@value #STEPS} colours of equal steps in lightness. One scale holds for
 * all responses that are shown together, so that equal colours mean equal values.
 *
 * @param quantity what is coloured
 * @param limit the value of the strongest colour, nats; larger ones have the same
 */
record HeatScale(TokenQuantity quantity, double limit) {
  /** Colours of a scale. */
  static final int STEPS = 7;

  /** The share of values that lie within the limit: one token of rare size must not pale all. */
  private static final double WITHIN = 0.98;

  private static final double[] ROUND = {1, 1.5, 2, 3, 4, 5, 6, 8, 10};

  /** A scale without a quantity. */
  static final HeatScale NONE = new HeatScale(TokenQuantity.NONE, 1);

  /** The scale that fits what is shown: its limit is a round number that holds most values. */
  static HeatScale over(TokenQuantity quantity, Collection<TokenTrace> traces) {
    List<Double> sizes = new ArrayList<>();
    for (TokenTrace trace : traces) {
      for (Token token : trace.tokens()) {
        double size = Math.abs(quantity.of(token));
        if (Double.isFinite(size)) {
          sizes.add(size);
        }
      }
    }
    if (sizes.isEmpty()) {
      return new HeatScale(quantity, 1);
    }
    Collections.sort(sizes);
    double most = sizes.get((int) Math.ceil(WITHIN * sizes.size()) - 1);
    return new HeatScale(quantity, most < 1e-9 ? 1 : round(most));
  }

  private static double round(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double step : ROUND) {
      if (step * power >= value * (1 - 1e-9)) {
        return step * power;
      }
    }
    return 10 * power;
  }

  /** The colour of a value, 0 to {@value #STEPS} - 1, or -1 where there is none. */
  int step(double value) {
    if (quantity == TokenQuantity.NONE || !Double.isFinite(value)) {
      return -1;
    }
    double share =
        switch (quantity.scale()) {
          case RISING -> value / limit;
          case SIGNED -> (value / limit + 1) / 2;
        };
    return (int) Math.round(Math.clamp(share, 0, 1) * (STEPS - 1));
  }

  /** The value at the middle of a colour. */
  double middle(int step) {
    double share = (double) step / (STEPS - 1);
    return switch (quantity.scale()) {
      case RISING -> share * limit;
      case SIGNED -> (2 * share - 1) * limit;
    };
  }

  /** The style class of a value's colour; empty where it has none. */
  String style(double value) {
    int step = step(value);
    if (step < 0) {
      return "";
    }
    return (quantity.scale() == TokenQuantity.Scale.RISING ? "heat-" : "tilt-") + step;
  }
}
