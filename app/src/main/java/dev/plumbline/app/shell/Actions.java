package dev.plumbline.app.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import javafx.scene.Scene;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All actions of the workbench by id, and every key: those of actions and those of pages. */
public final class Actions {
  private static final Logger LOG = LoggerFactory.getLogger(Actions.class);

  private final Map<String, Action> byId = new LinkedHashMap<>();
  private final Map<String, KeyBinding> ofPages = new LinkedHashMap<>();
  private Map<String, String> wishes = Map.of();
  private @Nullable Consumer<@Nullable String> captor;

  /** Adds an action; an id twice is a mistake of ours. */
  public Action add(Action action) {
    if (byId.putIfAbsent(action.id(), action) != null) {
      throw new IllegalStateException("two actions are called " + action.id());
    }
    apply(action.binding());
    return action;
  }

  /** Takes an action away; what still shows it can no longer find it here. */
  public void remove(String id) {
    byId.remove(id);
  }

  /** The action with this id. */
  public Action get(String id) {
    Action action = byId.get(id);
    if (action == null) {
      throw new IllegalArgumentException("no action is called " + id);
    }
    return action;
  }

  public Collection<Action> all() {
    return byId.values();
  }

  /**
   * A key that a page hears itself, declared before the page is made so that it can be looked up
   * and changed.
   *
   * @param id stable name, such as {@code runs.star}
   * @param text what it does
   * @param standard the key without a wish
   */
  public KeyBinding declare(Page page, String id, String text, String standard) {
    return ofPages.computeIfAbsent(
        id,
        ignored -> {
          KeyBinding binding = new KeyBinding(id, text, page, standard);
          apply(binding);
          return binding;
        });
  }

  /** The key of a page that was declared. */
  public KeyBinding declared(String id) {
    KeyBinding binding = ofPages.get(id);
    if (binding == null) {
      throw new IllegalArgumentException("no key is called " + id);
    }
    return binding;
  }

  /** Every key that can be changed, those of the whole window first. */
  public List<KeyBinding> bindings() {
    List<KeyBinding> all = new ArrayList<>();
    for (Action action : byId.values()) {
      if (!action.id().startsWith("workspace.recent.")) {
        all.add(action.binding());
      }
    }
    all.addAll(ofPages.values());
    return all;
  }

  /**
   * Gives actions the keys that a person wants; the others have those they were made with.
   *
   * @param keys by id; empty where an action shall have none
   */
  void bind(Map<String, String> keys) {
    wishes = Map.copyOf(keys);
    bindings().forEach(this::apply);
  }

  private void apply(KeyBinding binding) {
    String wish = wishes.get(binding.id());
    if (wish == null) {
      binding.reset();
    } else if (wish.isEmpty()) {
      binding.set(null);
    } else {
      try {
        binding.set(KeyCombination.valueOf(wish));
      } catch (IllegalArgumentException e) {
        LOG.info("The preferences name a key for {} that does not exist: {}", binding.id(), wish);
        binding.reset();
      }
    }
  }

  /**
   * Takes the next key that is pressed instead of doing what it does.
   *
   * @param sink gets the key as it is written in the preferences, empty for Backspace, and null
   *     when Escape was pressed
   */
  public void capture(Consumer<@Nullable String> sink) {
    captor = sink;
  }

  /** Lets keys do again what they do. */
  public void release() {
    captor = null;
  }

  private void captured(Consumer<@Nullable String> sink, KeyEvent event) {
    event.consume();
    boolean plain = !event.isShortcutDown() && !event.isAltDown() && !event.isShiftDown();
    if (plain && event.getCode() == KeyCode.ESCAPE) {
      release();
      sink.accept(null);
    } else if (plain && event.getCode() == KeyCode.BACK_SPACE) {
      release();
      sink.accept("");
    } else if (!written(event).isEmpty()) {
      release();
      sink.accept(written(event));
    }
  }

  /** Makes the keys work in a scene, wherever the focus is. */
  void install(Scene scene) {
    scene.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          Consumer<@Nullable String> sink = captor;
          if (sink != null) {
            captured(sink, event);
            return;
          }
          for (Action action : byId.values()) {
            if (action.binding().matches(event) && !isTyped(event)) {
              event.consume();
              action.run();
              return;
            }
          }
        });
  }

  /** A text field has an undo of its own, and takes a key without Ctrl as a letter. */
  private static boolean isTyped(KeyEvent event) {
    if (!(event.getTarget() instanceof TextInputControl text) || !text.isEditable()) {
      return false;
    }
    boolean undoes =
        event.isShortcutDown()
            && (event.getCode() == KeyCode.Z || event.getCode() == KeyCode.Y)
            && !event.isAltDown();
    boolean letter =
        !event.isShortcutDown()
            && !event.isAltDown()
            && !event.isMetaDown()
            && !event.getCode().isFunctionKey();
    return undoes || letter;
  }

  /** The key of an event as it is written in the preferences; empty for a modifier alone. */
  private static String written(KeyEvent event) {
    KeyCode code = event.getCode();
    if (code.isModifierKey() || code == KeyCode.UNDEFINED) {
      return "";
    }
    List<KeyCombination.Modifier> held = new ArrayList<>();
    if (event.isShortcutDown()) {
      held.add(KeyCombination.SHORTCUT_DOWN);
    }
    if (event.isAltDown()) {
      held.add(KeyCombination.ALT_DOWN);
    }
    if (event.isShiftDown()) {
      held.add(KeyCombination.SHIFT_DOWN);
    }
    return new KeyCodeCombination(code, held.toArray(KeyCombination.Modifier[]::new)).getName();
  }

  /**
   * Actions whose text holds every word of a query, in any order; those that begin with it come
   * first.
   */
  public List<Action> matching(String query) {
    String wanted = query.strip().toLowerCase(Locale.ROOT);
    List<Action> found = new ArrayList<>();
    for (Action action : byId.values()) {
      String text = action.text().toLowerCase(Locale.ROOT);
      boolean all = true;
      for (String word : wanted.split("\\s+")) {
        all &= text.contains(word);
      }
      if (all) {
        found.add(action);
      }
    }
    found.sort(
        Comparator.comparing(action -> !action.text().toLowerCase(Locale.ROOT).startsWith(wanted)));
    return found;
  }
}
