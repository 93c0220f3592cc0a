package dev.plumbline.app.settings;

import dev.plumbline.app.shell.Actions;
import dev.plumbline.app.shell.KeyBinding;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.SeriesPalette;
import dev.plumbline.app.shell.Settings;
import dev.plumbline.app.shell.SettingsModel;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.ThemeChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.util.Subscription;

/** The settings page: what can be set, what is found by a word, and every key with its clashes. */
public final class SettingsViewModel implements AutoCloseable {
  /**
   * A key that can be changed.
   *
   * @param id what it belongs to
   * @param text what it does
   * @param where the page on which it is heard, or the whole window
   * @param key the key now, or empty
   * @param standard the key that it has without a wish, or empty
   * @param clashes what else the same press would mean; empty where nothing
   */
  public record KeyRow(
      String id, String text, String where, String key, String standard, List<String> clashes) {
    /** Whether it is another key than the standard one. */
    public boolean isChanged() {
      return !key.equals(standard);
    }

    /** Whether every word of a query stands in it. */
    public boolean matches(String query) {
      return holds(query, text, where, key);
    }
  }

  private final SettingsModel model;
  private final Actions actions;
  private final ReadOnlyObjectWrapper<List<KeyRow>> keys = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyStringWrapper recording = new ReadOnlyStringWrapper("");

  /** Of this page and not the window's: what listens to it goes with the page. */
  private final ReadOnlyObjectWrapper<Settings> settings;

  private final Subscription subscription;

  public SettingsViewModel(SettingsModel model, Actions actions) {
    this.model = model;
    this.actions = actions;
    settings = new ReadOnlyObjectWrapper<>(model.settings().get());
    subscription =
        model
            .settings()
            .subscribe(
                now -> {
                  settings.set(now);
                  readKeys();
                });
  }

  /** What is set now. */
  public ReadOnlyObjectProperty<Settings> settings() {
    return settings.getReadOnlyProperty();
  }

  /** Every key, those of the whole window first. */
  public ReadOnlyObjectProperty<List<KeyRow>> keys() {
    return keys.getReadOnlyProperty();
  }

  /** The id of what the next key that is pressed will belong to, or empty. */
  public ReadOnlyStringProperty recording() {
    return recording.getReadOnlyProperty();
  }

  /** Reads the keys again: pages and actions may have come since. */
  public void readKeys() {
    List<KeyBinding> all = actions.bindings();
    List<KeyRow> rows = new ArrayList<>();
    for (KeyBinding each : all) {
      rows.add(
          new KeyRow(
              each.id(),
              each.text(),
              each.page().map(Page::title).orElse(Strings.text("settings.keys.everywhere")),
              each.words(),
              each.standardWords(),
              all.stream().filter(each::clashes).map(KeyBinding::text).toList()));
    }
    keys.set(List.copyOf(rows));
  }

  public void theme(ThemeChoice choice) {
    model.change(Strings.text("settings.did.theme"), now -> now.withTheme(choice));
  }

  /**
   * @param percent size of everything, 100 to 200
   */
  public void scale(int percent) {
    model.change(Strings.text("settings.did.scale"), now -> now.withScale(percent));
  }

  public void font(String family) {
    model.change(Strings.text("settings.did.font"), now -> now.withFont(family));
  }

  /**
   * @param pixels size of responses and dialogues at 100 %
   */
  public void readingSize(double pixels) {
    model.change(Strings.text("settings.did.reading"), now -> now.withReadingSize(pixels));
  }

  public void palette(SeriesPalette palette) {
    model.change(Strings.text("settings.did.palette"), now -> now.withPalette(palette));
  }

  public void device(String device) {
    model.change(Strings.text("settings.did.device"), now -> now.withDevice(device));
  }

  /** Gives the next key that is pressed to an action; Escape leaves it, Backspace takes it away. */
  public void record(String id) {
    recording.set(id);
    actions.capture(
        key -> {
          recording.set("");
          if (key != null) {
            key(id, key);
          }
        });
  }

  /** Ends the wait for a key. */
  public void leave() {
    if (!recording.get().isEmpty()) {
      actions.release();
      recording.set("");
    }
  }

  /**
   * Changes a key.
   *
   * @param key as it is written in the preferences; empty for none
   */
  public void key(String id, String key) {
    model.change(Strings.text("settings.did.key", text(id)), now -> now.withKey(id, key));
  }

  /** Gives an action its own key back. */
  public void resetKey(String id) {
    model.change(Strings.text("settings.did.key", text(id)), now -> now.withKey(id, null));
  }

  /** Gives every action its own key back. */
  public void resetKeys() {
    model.change(Strings.text("settings.did.keys"), Settings::withoutKeys);
  }

  private String text(String id) {
    return keys.get().stream()
        .filter(row -> row.id().equals(id))
        .map(KeyRow::text)
        .findFirst()
        .orElse(id);
  }

  /** What clashes, in one line; empty where every press means one thing. */
  public Optional<String> clashes() {
    List<String> found =
        keys.get().stream()
            .filter(row -> !row.clashes().isEmpty())
            .map(row -> row.key() + " (" + row.text() + ")")
            .toList();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(Strings.text("settings.keys.clashes", String.join(", ", found)));
  }

  /** Whether every word of a query stands in one of some texts; a blank query is in all. */
  public static boolean holds(String query, String... texts) {
    String all = String.join("\n", texts).toLowerCase(Locale.ROOT);
    return Stream.of(query.strip().toLowerCase(Locale.ROOT).split("\\s+", -1))
        .allMatch(all::contains);
  }

  @Override
  public void close() {
    leave();
    subscription.unsubscribe();
  }
}
