package dev.plumbline.app.shell;

import javafx.beans.binding.Bindings;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableBooleanValue;
import javafx.beans.value.ObservableStringValue;
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
 * @param binding its key, which a person may change
 * @param enabled whether it can be done now
 * @param obstacle why it cannot be done as things are, in a few words, or empty
 * @param task what is done, on the JavaFX thread
 */
public record Action(
    String id,
    String text,
    Feather icon,
    KeyBinding binding,
    ObservableBooleanValue enabled,
    ObservableStringValue obstacle,
    Runnable task) {

  /** An action that can always be done. */
  public static Action of(
      String id, String text, Feather icon, @Nullable String key, Runnable task) {
    return new Action(
        id,
        text,
        icon,
        new KeyBinding(id, text, null, key),
        Bindings.createBooleanBinding(() -> true),
        new SimpleStringProperty(""),
        task);
  }

  /** Its key as it is now, or null. */
  public @Nullable KeyCombination key() {
    return binding.key();
  }

  /** The same action, which can only be done while {@code condition} holds. */
  public Action when(ObservableBooleanValue condition) {
    return new Action(id, text, icon, binding, condition, obstacle, task);
  }

  /** The same action, which can only be done while there is nothing in the way. */
  public Action unless(ObservableStringValue reason) {
    return new Action(
        id,
        text,
        icon,
        binding,
        Bindings.createBooleanBinding(
            () -> enabled.get() && reason.get().isEmpty(), enabled, reason),
        reason,
        task);
  }

  /** Does it, if it can be done. */
  public void run() {
    if (enabled.get()) {
      task.run();
    }
  }
}
