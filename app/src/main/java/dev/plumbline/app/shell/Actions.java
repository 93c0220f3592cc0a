package dev.plumbline.app.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javafx.scene.Scene;
import javafx.scene.input.KeyEvent;

/** All actions of the workbench by id. */
public final class Actions {
  private final Map<String, Action> byId = new LinkedHashMap<>();

  /** Adds an action; an id twice is a mistake of ours. */
  public Action add(Action action) {
    if (byId.putIfAbsent(action.id(), action) != null) {
      throw new IllegalStateException("two actions are called " + action.id());
    }
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

  /** Makes the keys work in a scene, wherever the focus is. */
  void install(Scene scene) {
    scene.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          for (Action action : byId.values()) {
            if (action.key() != null && action.key().match(event)) {
              event.consume();
              action.run();
              return;
            }
          }
        });
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
