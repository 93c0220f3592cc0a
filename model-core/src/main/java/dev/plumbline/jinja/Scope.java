package dev.plumbline.jinja;

import dev.plumbline.jinja.Values.Undefined;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that hold at a place; a loop's body and a macro have names of their own. */
final class Scope {
  private final @Nullable Scope outer;
  private final Map<String, Object> names = new HashMap<>();
  private final Budget budget;

  Scope(Budget budget, Map<String, Object> names) {
    this.outer = null;
    this.budget = budget;
    this.names.putAll(names);
  }

  private Scope(Scope outer) {
    this.outer = outer;
    this.budget = outer.budget;
  }

  Scope inner() {
    return new Scope(this);
  }

  Budget budget() {
    return budget;
  }

  void set(String name, Object value) {
    names.put(name, value);
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.names.get(name);
      if (value != null) {
        return value;
      }
    }
    return new Undefined(name);
  }
}
