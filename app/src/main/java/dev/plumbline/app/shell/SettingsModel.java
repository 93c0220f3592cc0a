package dev.plumbline.app.shell;

import java.util.List;
import java.util.function.UnaryOperator;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/**
 * The settings of a window: each change is in force at once, is remembered in the preferences file,
 * and can be taken back. Used on the JavaFX thread.
 */
public final class SettingsModel {
  private final PreferencesFile file;
  private final EditHistory history;
  private final ReadOnlyObjectWrapper<Settings> settings;

  public SettingsModel(PreferencesFile file, EditHistory history) {
    this.file = file;
    this.history = history;
    this.settings = new ReadOnlyObjectWrapper<>(file.get().settingsOrDefaults());
  }

  /** What is set now. */
  public ReadOnlyObjectProperty<Settings> settings() {
    return settings.getReadOnlyProperty();
  }

  /** Changes of the window, these among them. */
  public EditHistory history() {
    return history;
  }

  /** Sets something without remembering it, for a window that was asked to look so. */
  public void override(UnaryOperator<Settings> edit) {
    settings.set(edit.apply(settings.get()));
  }

  /**
   * Changes a setting.
   *
   * @param what what was changed, in a few words, for undo
   */
  public void change(String what, UnaryOperator<Settings> edit) {
    Settings before = settings.get();
    Settings after = edit.apply(before);
    if (!after.equals(before)) {
      put(after);
      history.did(what, List.of(), () -> put(before), () -> put(after));
    }
  }

  private void put(Settings next) {
    settings.set(next);
    file.change(p -> p.withSettings(next));
  }
}
