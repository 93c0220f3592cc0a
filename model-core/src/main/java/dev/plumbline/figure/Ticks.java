package dev.plumbline.figure;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Round places for an axis, with their labels. */
final class Ticks {
  /** A place on the axis; its label is empty for a minor tick. */
  record Tick(double value, String label) {}

  private Ticks() {}

  /**
   * Ticks at multiples of 1, 2 or 5 times a power of ten.
   *
   * @param low lower end
   * @param high upper end
   * @param most the most ticks that there is room for
   */
  static List<Tick> linear(double low, double high, int most) {
    double step = step(high - low, Math.max(1, most));
    double largest = Math.max(Math.abs(low), Math.abs(high));
    List<Tick> ticks = new ArrayList<>();
    long first = (long) Math.ceil(low / step - 1e-9);
    long last = (long) Math.floor(high / step + 1e-9);
    for (long i = first; i <= last; i++) {
      double value = new BigDecimal(i * step).round(new MathContext(12)).doubleValue();
      ticks.add(new Tick(value, i == 0 ? "0" : label(value, step, largest)));
    }
    return ticks;
  }

  /**
   * Ticks with the places between them that are marked and not labelled: fifths of a step of one or
   * five, quarters of a step of two, and the digits of a decade; halves or none where these would
   * stand too close.
   *
   * @param most the most places that the axis has room for
   */
  static List<Tick> withMinor(
      Axis.Scale scale, List<Tick> major, double low, double high, double most) {
    List<Tick> all = new ArrayList<>(major);
    if (scale == Axis.Scale.LOG) {
      int first = (int) Math.floor(Math.log10(low) + 1e-9);
      int last = (int) Math.ceil(Math.log10(high) - 1e-9);
      for (int decade = first; last - first <= 6 && decade <= last; decade++) {
        for (int digit = 2; digit < 10; digit++) {
          add(all, digit * Math.pow(10, decade), low, high);
        }
      }
      return all;
    }
    if (major.size() < 2) {
      return all;
    }
    double step = major.get(1).value() - major.get(0).value();
    double lead = step / Math.pow(10, Math.floor(Math.log10(step) + 1e-9));
    int parts = Math.round(lead) == 2 ? 4 : 5;
    double steps = (high - low) / step;
    if (parts * steps > most) {
      parts = Math.round(lead) != 5 && 2 * steps <= most ? 2 : 1;
    }
    double from = major.get(0).value() - step;
    for (int i = 1; i < parts * (major.size() + 1); i++) {
      add(all, from + step * i / parts, low, high);
    }
    return all;
  }

  private static void add(List<Tick> all, double value, double low, double high) {
    double near = 1e-6 * Math.abs(high - low);
    if (value >= low
        && value <= high
        && all.stream().noneMatch(tick -> Math.abs(tick.value() - value) < near)) {
      all.add(new Tick(value, ""));
    }
  }

  static double step(double span, int most) {
    double raw = span / most;
    double power = Math.pow(10, Math.floor(Math.log10(raw)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= raw * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** Decades, thinned when there are many; twos and fives when there are few. */
  static List<Tick> log(double low, double high, int most) {
    int first = (int) Math.floor(Math.log10(low) + 1e-9);
    int last = (int) Math.ceil(Math.log10(high) - 1e-9);
    int decades =
        (int) Math.floor(Math.log10(high) + 1e-9) - (int) Math.ceil(Math.log10(low) - 1e-9) + 1;
    int every = Math.max(1, (int) Math.ceil(decades / (double) Math.max(1, most)));
    boolean inner = decades * 3 <= most;
    List<Tick> ticks = new ArrayList<>();
    for (int decade = first; decade <= last; decade++) {
      for (int digit = 1; digit < 10; digit++) {
        double value = digit * Math.pow(10, decade);
        if (value < low * (1 - 1e-9) || value > high * (1 + 1e-9)) {
          continue;
        }
        boolean labelled =
            digit == 1 ? Math.floorMod(decade, every) == 0 : inner && (digit == 2 || digit == 5);
        if (labelled || every == 1) {
          ticks.add(new Tick(value, labelled ? logLabel(value, digit, decade, low, high) : ""));
        }
      }
    }
    return ticks;
  }

  /** The ends choose the form, so that all labels of an axis agree. */
  private static String logLabel(double value, int digit, int decade, double low, double high) {
    if (low >= 1e-3 * (1 - 1e-9) && high < 1e5) {
      return number(value, Math.max(0, -decade));
    }
    if (low >= 1e3 && high < 1e9) {
      return value < 1e6 ? number(value / 1e3, 0) + "k" : number(value / 1e6, 0) + "M";
    }
    String power = "10^{" + minus(Integer.toString(decade)) + "}";
    return digit == 1 ? power : digit + "×" + power;
  }

  /** A label; thousands and millions are chosen by the axis' end, so that all labels agree. */
  private static String label(double value, double step, double largest) {
    double size = Math.abs(value);
    if (largest >= 1e6 && step >= 1e4) {
      return number(value / 1e6, decimals(step / 1e6)) + "M";
    }
    if (largest >= 1e4 && step >= 100) {
      return number(value / 1e3, decimals(step / 1e3)) + "k";
    }
    if (largest < 1e-3 || step < 1e-7) {
      int decade = (int) Math.floor(Math.log10(size) + 1e-9);
      double mantissa = value / Math.pow(10, decade);
      return number(mantissa, decimals(step / Math.pow(10, decade)))
          + "×10^{"
          + minus(Integer.toString(decade))
          + "}";
    }
    return number(value, decimals(step));
  }

  private static int decimals(double step) {
    return Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
  }

  /** A number with a true minus sign and no zeros behind that say nothing. */
  static String number(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    if (text.indexOf('.') >= 0) {
      text = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return text.equals("-0") ? "0" : minus(text);
  }

  static String minus(String text) {
    return text.replace('-', '−');
  }
}
