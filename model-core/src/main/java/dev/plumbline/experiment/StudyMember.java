package dev.plumbline.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A run as a part of a study.
 *
 * @param run id of its run directory
 * @param name of its spec
 * @param role what an analysis finds it by: runs of one role differ in their levels only
 * @param levels the level of each axis that its role is over, in their order
 * @param after ids of the runs that must be finished before it can start
 */
public record StudyMember(
    String run, String name, String role, Map<String, String> levels, List<String> after) {
  public StudyMember {
    levels = Collections.unmodifiableMap(new LinkedHashMap<>(levels));
    after = List.copyOf(after);
  }

  /** The role and the levels, for people: {@code pm, size=tiny, data=500}. */
  public String label() {
    return levels.isEmpty()
        ? role
        : role
            + levels.entrySet().stream()
                .map(level -> ", " + level.getKey() + "=" + level.getValue())
                .collect(Collectors.joining());
  }
}
