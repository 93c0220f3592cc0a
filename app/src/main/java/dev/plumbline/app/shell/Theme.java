package dev.plumbline.app.shell;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javafx.application.Application;
import javafx.scene.text.Font;

/** The looks of the workbench. */
public enum Theme {
  LIGHT("theme-light.css"),
  DARK("theme-dark.css"),
  /** White, yellow and cyan on black; every pair of text and ground has a contrast of 7 to 1. */
  HIGH_CONTRAST("theme-high-contrast.css");

  private static final String RESOURCES = "/dev/plumbline/ui/";

  private final String file;

  Theme(String file) {
    this.file = file;
  }

  /** Whether light text stands on a dark ground. */
  public boolean isDark() {
    return this != LIGHT;
  }

  /** Dark for light, light for the dark ones. */
  public Theme other() {
    return this == LIGHT ? DARK : LIGHT;
  }

  /** Loads the fonts once, before the first scene. */
  public static void loadFonts() {
    for (String weight : new String[] {"Regular", "Medium", "SemiBold", "Bold"}) {
      Font.loadFont(resource("fonts/Inter-" + weight + ".otf"), 13);
    }
  }

  /** Dresses the controls of the whole program. */
  void applyToControls() {
    Application.setUserAgentStylesheet(
        isDark()
            ? new PrimerDark().getUserAgentStylesheet()
            : new PrimerLight().getUserAgentStylesheet());
  }

  /** Our own style sheets: the colours of this theme, then everything else. */
  public String[] stylesheets() {
    return new String[] {resource(file), resource("workbench.css")};
  }

  /** The text of the sheet that all themes share. */
  static String workbenchSheet() {
    return Sheet.TEXT;
  }

  /** Read once, when it is first asked for. */
  private static final class Sheet {
    static final String TEXT = read();

    private static String read() {
      try (InputStream stream =
          Objects.requireNonNull(Theme.class.getResourceAsStream(RESOURCES + "workbench.css"))) {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static String resource(String name) {
    return Objects.requireNonNull(Theme.class.getResource(RESOURCES + name), name).toExternalForm();
  }
}
