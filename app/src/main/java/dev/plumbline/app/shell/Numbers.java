package dev.plumbline.app.shell;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;

/** Numbers as people read them: a true minus sign, a dash for nothing, times in words. */
public final class Numbers {
  /** Stands where there is no value. */
  public static final String NONE = "–";

  private static final DecimalFormatSymbols SYMBOLS = symbols();

  private Numbers() {}

  private static DecimalFormatSymbols symbols() {
    DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
    symbols.setMinusSign('\u2212');
    symbols.setGroupingSeparator(',');
    return symbols;
  }

  /** With this many decimals; a dash for NaN and infinities. */
  public static String fixed(double value, int decimals) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    String text =
        new DecimalFormat("#,##0" + (decimals == 0 ? "" : "." + "0".repeat(decimals)), SYMBOLS)
            .format(value);
    // Nothing is "minus nothing".
    return text.matches("\u2212[0.,]*") ? text.substring(1) : text;
  }

  /** A count, with separators of thousands. */
  public static String whole(long value) {
    return new DecimalFormat("#,##0", SYMBOLS).format(value);
  }

  /** With its sign, for differences. */
  public static String signed(double value, int decimals) {
    String text = fixed(value, decimals);
    return value > 0 && !text.equals(NONE) && !text.matches("[0.,]*") ? "+" + text : text;
  }

  /** Three significant digits, with k, M and G above ten thousand. */
  public static String compact(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return NONE;
    } else if (size >= 1e9) {
      return significant(value / 1e9) + "\u202FG";
    } else if (size >= 1e6) {
      return significant(value / 1e6) + "\u202FM";
    } else if (size >= 1e4) {
      return significant(value / 1e3) + "\u202Fk";
    } else {
      return significant(value);
    }
  }

  /** Three significant digits; very small and very large values with an exponent. */
  public static String significant(double value) {
    double size = Math.abs(value);
    if (!Double.isFinite(value)) {
      return NONE;
    } else if (size == 0) {
      return "0";
    } else if (size < 1e-3 || size >= 1e6) {
      return new DecimalFormat("0.##E0", SYMBOLS).format(value).replace("E", "e");
    }
    int decimals = Math.clamp(2 - (int) Math.floor(Math.log10(size)), 0, 5);
    return fixed(value, decimals);
  }

  /** As short as three significant digits allow: 0.01, 0.005, 2e-4. */
  public static String shortest(double value) {
    String text = significant(value);
    int exponent = text.indexOf('e');
    String digits = exponent < 0 ? text : text.substring(0, exponent);
    String rest = exponent < 0 ? "" : text.substring(exponent);
    return (digits.contains(".") ? digits.replaceFirst("\\.?0+$", "") : digits) + rest;
  }

  /** Seconds as a duration with two units: 48 s, 1 min 48 s, 2 h 05 min. */
  public static String duration(double seconds) {
    if (!Double.isFinite(seconds) || seconds < 0) {
      return NONE;
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    } else if (whole < 3600) {
      return "%d min %02d s".formatted(whole / 60, whole % 60);
    } else if (whole < 48 * 3600L) {
      return "%d h %02d min".formatted(whole / 3600, whole % 3600 / 60);
    } else {
      return "%d d %02d h".formatted(whole / 86400, whole % 86400 / 3600);
    }
  }
}
