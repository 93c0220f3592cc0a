package dev.plumbline.app.shell;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a person sets of the workbench. A change of it is a record of its own, so that any can be
 * taken back by writing what was there.
 *
 * @param theme look
 * @param scale size of everything in percent, 100 to 200
 * @param font family of the workbench's text, or {@code Inter}
 * @param readingSize size of responses and dialogues in pixels at 100 %
 * @param palette colours of the series of charts
 * @param device what workers compute on: {@code auto}, {@code cpu}, {@code cuda:N} or {@code mps}
 * @param keys keys that were changed, by action; empty where one was taken away
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Settings(
    @Nullable ThemeChoice theme,
    int scale,
    @Nullable String font,
    double readingSize,
    @Nullable SeriesPalette palette,
    @Nullable String device,
    @Nullable Map<String, String> keys) {
  /** The workbench's own font. */
  public static final String INTER = "Inter";

  public static final int LEAST_SCALE = 100;
  public static final int MOST_SCALE = 200;
  public static final double LEAST_READING = 11;
  public static final double MOST_READING = 22;

  /** Puts what lies outside its bounds inside them, and copies the keys. */
  public Settings {
    scale = Math.clamp(scale, LEAST_SCALE, MOST_SCALE);
    readingSize =
        readingSize > 0 ? Math.clamp(readingSize, LEAST_READING, MOST_READING) : 13; // unset is 0
    keys = keys == null ? Map.of() : Map.copyOf(keys);
  }

  /** What a first start finds. */
  public static Settings defaults() {
    return new Settings(
        ThemeChoice.DARK, 100, INTER, 13, SeriesPalette.OKABE_ITO, "auto", Map.of());
  }

  public ThemeChoice themeOrDefault() {
    return theme == null ? ThemeChoice.DARK : theme;
  }

  public String fontOrDefault() {
    return font == null || font.isBlank() ? INTER : font;
  }

  public SeriesPalette paletteOrDefault() {
    return palette == null ? SeriesPalette.OKABE_ITO : palette;
  }

  public String deviceOrAuto() {
    return device == null ? "auto" : device;
  }

  public Map<String, String> keysOrNone() {
    return keys == null ? Map.of() : keys;
  }

  public Settings withTheme(ThemeChoice value) {
    return new Settings(value, scale, font, readingSize, palette, device, keys);
  }

  public Settings withScale(int percent) {
    return new Settings(theme, percent, font, readingSize, palette, device, keys);
  }

  public Settings withFont(String family) {
    return new Settings(theme, scale, family, readingSize, palette, device, keys);
  }

  public Settings withReadingSize(double pixels) {
    return new Settings(theme, scale, font, pixels, palette, device, keys);
  }

  public Settings withPalette(SeriesPalette value) {
    return new Settings(theme, scale, font, readingSize, value, device, keys);
  }

  public Settings withDevice(String value) {
    return new Settings(theme, scale, font, readingSize, palette, value, keys);
  }

  /** The same with another key for an action: empty for none, null for its own one. */
  public Settings withKey(String action, @Nullable String key) {
    Map<String, String> next = new TreeMap<>(keysOrNone());
    if (key == null) {
      next.remove(action);
    } else {
      next.put(action, key);
    }
    return new Settings(theme, scale, font, readingSize, palette, device, next);
  }

  /** The same with every action's own key. */
  public Settings withoutKeys() {
    return new Settings(theme, scale, font, readingSize, palette, device, Map.of());
  }
}
