package dev.plumbline.training;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Gives one list of commands at each call, then none. */
final class ScriptedControls implements Controls {
  private final Deque<List<Command>> script = new ArrayDeque<>();

  /** The next call gives these commands. */
  ScriptedControls then(Command... commands) {
    script.addLast(List.of(commands));
    return this;
  }

  @Override
  public List<Command> poll() {
    return script.isEmpty() ? List.of() : script.removeFirst();
  }

  @Override
  public List<Command> await(Duration limit) {
    if (script.isEmpty()) {
      throw new IllegalStateException("the run waits for a command that never comes");
    }
    return script.removeFirst();
  }
}
