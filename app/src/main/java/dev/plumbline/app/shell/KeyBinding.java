package dev.plumbline.app.shell;

import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;

/**
 * The key of something that can be done, as it was made and as the person wants it. One that
 * belongs to a page is heard there alone, by the page.
 */
public final class KeyBinding {
  private final String id;
  private final String text;
  private final @Nullable Page page;
  private final @Nullable KeyCombination standard;
  private final ReadOnlyObjectWrapper<Optional<KeyCombination>> current;

  KeyBinding(String id, String text, @Nullable Page page, @Nullable String standard) {
    this.id = id;
    this.text = text;
    this.page = page;
    this.standard = standard == null ? null : KeyCombination.valueOf(standard);
    this.current = new ReadOnlyObjectWrapper<>(Optional.ofNullable(this.standard));
  }

  /** Stable name, unique among all keys. */
  public String id() {
    return id;
  }

  /** What the key does, in a few words. */
  public String text() {
    return text;
  }

  /** The page on which it is heard; empty where it is heard everywhere. */
  public Optional<Page> page() {
    return Optional.ofNullable(page);
  }

  /** The key that it has without a wish. */
  public Optional<KeyCombination> standard() {
    return Optional.ofNullable(standard);
  }

  /** The key that it has now. */
  public ReadOnlyObjectProperty<Optional<KeyCombination>> current() {
    return current.getReadOnlyProperty();
  }

  /** The key that it has now, or null. */
  public @Nullable KeyCombination key() {
    return current.get().orElse(null);
  }

  /** The key in words, or empty. */
  public String words() {
    return current.get().map(KeyCombination::getDisplayText).orElse("");
  }

  /** The key that it has without a wish in words, or empty. */
  public String standardWords() {
    return standard().map(KeyCombination::getDisplayText).orElse("");
  }

  /** Whether a press of a key is this one. */
  public boolean matches(KeyEvent event) {
    return current.get().map(key -> key.match(event)).orElse(false);
  }

  /** Whether one press could mean both: the key is the same and some page hears both. */
  public boolean clashes(KeyBinding other) {
    boolean meet = page == null || other.page == null || page == other.page;
    // By what is shown: Ctrl and the platform's shortcut key are one key here.
    return !this.equals(other) && meet && !words().isEmpty() && words().equals(other.words());
  }

  void set(@Nullable KeyCombination key) {
    current.set(Optional.ofNullable(key));
  }

  void reset() {
    set(standard);
  }
}
