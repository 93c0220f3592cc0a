package dev.plumbline.app.shell;

import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableBooleanValue;
import javafx.scene.input.KeyCombination;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/**
 * Something that a person can do, declared once; buttons, the command palette and keys all come
 * from here. An action that cannot be done just now is disabled, never hidden.
 *
 * @param id stable name
 * @param text what it does, in a few words
 * @param icon its picture
 * @param key its key, or null
 * @param enabled whether it can be done now
 * @param task what is done, on the JavaFX thread
 */
public record Action(
    String id,
    String text,
    Feather icon,
    @Nullable KeyCombination key,
    ObservableBooleanValue enabled,
    Runnable task) {

  /** An action that can always be done. */
  public static Action of(
      String id, String text, Feather icon, @Nullable String key, Runnable task) {
    return new Action(
        id,
        text,
        icon,
        key == null ? null : KeyCombination.valueOf(key),
        Bindings.createBooleanBinding(() -> true),
        task);
  }

  /** The same action, which can only be done while {@code condition} holds. */
  public Action when(ObservableBooleanValue condition) {
    return new Action(id, text, icon, key, condition, task);
  }

  /** Does it, if it can be done. */
  public void run() {
    if (enabled.get()) {
      task.run();
    }
  }
}
