package dev.plumbline.figure;

import java.awt.Color;

/**
 * Colours for numbers, safe for the common kinds of colour blindness. Their stops are those of Paul
 * Tol, "Colour Schemes", SRON technical note SRON/EPS/TN/09-002, issue 3.2 (2021), made for linear
 * interpolation between them.
 */
public enum ColourMap {
  /** Low to high, light to dark without a step in lightness: Tol's "iridescent". */
  SEQUENTIAL(
      0xFEFBE9, 0xFCF7D5, 0xF5F3C1, 0xEAF0B5, 0xDDECBF, 0xD0E7CA, 0xC2E3D2, 0xB5DDD8, 0xA8D8DC,
      0x9BD2E1, 0x8DCBE4, 0x81C4E7, 0x7BBCE7, 0x7EB2E4, 0x88A5DD, 0x9398D2, 0x9B8AC4, 0x9D7DB2,
      0x9A709E, 0x906388, 0x805770, 0x684957, 0x46353A),
  /** Low to high in one warm hue: Tol's "YlOrBr". */
  WARM(0xFFFFE5, 0xFFF7BC, 0xFEE391, 0xFEC44F, 0xFB9A29, 0xEC7014, 0xCC4C02, 0x993404, 0x662506),
  /** Below and above a centre: Tol's "BuRd", blue below and red above. */
  DIVERGING(
      0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B);

  /** What has no value. */
  private static final Color NONE = new Color(0x999999);

  @SuppressWarnings("ImmutableEnumChecker") // never written and never given away
  private final int[] stops;

  ColourMap(int... stops) {
    this.stops = stops;
  }

  /** Whether it has a middle that means something. */
  public boolean isDiverging() {
    return this == DIVERGING;
  }

  /**
   * The colour of a share of the way.
   *
   * @param share from 0 to 1; beyond the ends their colours, and grey for NaN
   */
  public Color at(double share) {
    if (Double.isNaN(share)) {
      return NONE;
    }
    double place = Math.clamp(share, 0, 1) * (stops.length - 1);
    int from = (int) Math.min(stops.length - 2, Math.floor(place));
    double t = place - from;
    return new Color(
        mix(stops[from] >> 16, stops[from + 1] >> 16, t),
        mix(stops[from] >> 8, stops[from + 1] >> 8, t),
        mix(stops[from], stops[from + 1], t));
  }

  private static int mix(int a, int b, double t) {
    return (int) Math.round((a & 255) * (1 - t) + (b & 255) * t);
  }

  /** Relative luminance of a colour from 0 (black) to 1 (white), as WCAG 2 defines it. */
  public static double luminance(Color colour) {
    return 0.2126 * linear(colour.getRed())
        + 0.7152 * linear(colour.getGreen())
        + 0.0722 * linear(colour.getBlue());
  }

  private static double linear(int channel) {
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  }

  /** Black or white, whichever has the higher contrast on a colour. */
  static Color textOn(Color ground) {
    double light = luminance(ground);
    return 1.05 / (light + 0.05) > (light + 0.05) / 0.05 ? Color.WHITE : Color.BLACK;
  }
}
