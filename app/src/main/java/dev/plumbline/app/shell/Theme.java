package dev.plumbline.app.shell;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.util.Objects;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.text.Font;

/** The two looks of the workbench. */
public enum Theme {
  LIGHT,
  DARK;

  private static final String RESOURCES = "/dev/plumbline/ui/";

  public boolean isDark() {
    return this == DARK;
  }

  public Theme other() {
    return this == DARK ? LIGHT : DARK;
  }

  /** Loads the fonts once, before the first scene. */
  public static void loadFonts() {
    for (String weight : new String[] {"Regular", "Medium", "SemiBold", "Bold"}) {
      Font.loadFont(resource("fonts/Inter-" + weight + ".otf"), 13);
    }
  }

  /** Dresses the whole program and this scene. */
  public void apply(Scene scene) {
    Application.setUserAgentStylesheet(
        isDark()
            ? new PrimerDark().getUserAgentStylesheet()
            : new PrimerLight().getUserAgentStylesheet());
    scene.getStylesheets().setAll(stylesheets());
  }

  /** Our own style sheets: the colours of this theme, then everything else. */
  public String[] stylesheets() {
    return new String[] {
      resource(isDark() ? "theme-dark.css" : "theme-light.css"), resource("workbench.css")
    };
  }

  private static String resource(String name) {
    return Objects.requireNonNull(Theme.class.getResource(RESOURCES + name), name).toExternalForm();
  }
}
