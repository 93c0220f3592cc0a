package dev.plumbline.workspace;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Follows the inputs of runs in both directions, nearest first: back through everything that they
 * were made from, and forward through everything that was made from them.
 */
final class LineageReader {
  private static final Pattern REFERENCE = Pattern.compile("run:([^@]+)(?:@(\\d+))?");

  private final RunTable.Rows rows;
  private final Set<String> asked;
  private final int most;
  private final Map<String, Lineage.Node> nodes = new LinkedHashMap<>();
  private final Set<Lineage.Edge> edges = new LinkedHashSet<>();
  private boolean cut;

  private record Input(
      String key, String reference, String path, String sha256, String fromRun, String step) {}

  LineageReader(RunTable.Rows rows, Collection<String> asked, int most) {
    this.rows = rows;
    this.asked = new LinkedHashSet<>(asked);
    this.most = most;
  }

  Lineage read() throws SQLException {
    for (String id : asked) {
      run(id);
    }
    walk(true);
    walk(false);
    edges.removeIf(edge -> !nodes.containsKey(edge.from()) || !nodes.containsKey(edge.to()));
    return new Lineage(List.copyOf(nodes.values()), List.copyOf(edges), cut);
  }

  private void walk(boolean back) throws SQLException {
    Deque<String> next = new ArrayDeque<>(nodes.keySet().stream().filter(asked::contains).toList());
    Set<String> seen = new LinkedHashSet<>(next);
    while (!next.isEmpty()) {
      String id = next.removeFirst();
      for (String other : back ? origins(id) : users(id)) {
        if (seen.add(other)) {
          next.addLast(other);
        }
      }
    }
  }

  /** Adds what a run was made from; the runs among it. */
  private List<String> origins(String id) throws SQLException {
    List<Input> inputs = new ArrayList<>();
    rows.each(
        "SELECT i.key, i.reference, i.path, i.sha256, i.from_run, IFNULL(i.from_step, '') FROM run"
            + " r JOIN run_input i ON i.run_no = r.run_no WHERE r.run_id = "
            + RunSql.quote(id)
            + " ORDER BY i.place",
        row ->
            inputs.add(
                new Input(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6))));
    List<String> runs = new ArrayList<>();
    for (Input input : inputs) {
      String from = origin(input);
      if (!from.isEmpty() && run(from)) {
        runs.add(from);
        edges.add(new Lineage.Edge(from, id, label(input)));
      } else if (from.isEmpty()) {
        String path = input.path().isEmpty() ? input.reference() : input.path();
        if (add(path, file(input, path))) {
          edges.add(new Lineage.Edge(path, id, label(input)));
        }
      }
    }
    return runs;
  }

  /** The run that an input came from, or empty. */
  private String origin(Input input) throws SQLException {
    String[] found = {""};
    if (!input.fromRun().isEmpty()) {
      rows.each(
          "SELECT run_id FROM run WHERE run_id = " + RunSql.quote(input.fromRun()),
          row -> found[0] = row.getString(1));
    }
    Matcher reference = REFERENCE.matcher(input.reference());
    if (found[0].isEmpty() && input.fromRun().isEmpty() && reference.matches()) {
      rows.each(
          "SELECT run_id FROM run WHERE name = %1$s OR run_id = %1$s ORDER BY created LIMIT 1"
              .formatted(RunSql.quote(String.valueOf(reference.group(1)).strip())),
          row -> found[0] = row.getString(1));
    }
    return found[0];
  }

  private static String label(Input input) {
    return input.step().isEmpty() ? input.key() : input.key() + " @ " + input.step();
  }

  private static Lineage.Node file(Input input, String path) {
    Path name = Path.of(path).getFileName();
    boolean data = path.matches(".*\\.(jsonl|json|csv|txt|parquet)(\\.gz|\\.zst)?");
    return new Lineage.Node(
        data ? Lineage.Kind.DATA : Lineage.Kind.MODEL,
        path,
        String.valueOf(name),
        input.sha256().substring(0, Math.min(12, input.sha256().length())),
        Optional.empty(),
        false);
  }

  /** Adds what was made from a run, and gives it. */
  private List<String> users(String id) throws SQLException {
    List<String[]> found = new ArrayList<>();
    rows.each(
        "SELECT r.run_id, i.key, IFNULL(i.from_step, '') FROM run_input i JOIN run r ON r.run_no ="
            + " i.run_no WHERE r.trashed IS NULL AND i.from_run = "
            + RunSql.quote(id)
            + " ORDER BY r.created",
        row -> found.add(new String[] {row.getString(1), row.getString(2), row.getString(3)}));
    List<String> runs = new ArrayList<>();
    for (String[] use : found) {
      if (run(use[0])) {
        runs.add(use[0]);
        edges.add(
            new Lineage.Edge(id, use[0], use[2].isEmpty() ? use[1] : use[1] + " @ " + use[2]));
      }
    }
    return runs;
  }

  private boolean run(String id) throws SQLException {
    if (nodes.containsKey(id)) {
      return true;
    }
    Optional<Lineage.Node> node = Optional.ofNullable(read(id));
    return node.isPresent() && add(id, node.get());
  }

  private Lineage.@Nullable Node read(String id) throws SQLException {
    Lineage.Node[] node = new Lineage.Node[1];
    rows.each(
        "SELECT COALESCE(e.name, r.name), r.stage, r.state"
            + RunSql.FROM
            + " WHERE r.run_id = "
            + RunSql.quote(id),
        row ->
            node[0] =
                new Lineage.Node(
                    Lineage.Kind.RUN,
                    id,
                    row.getString(1),
                    row.getString(2),
                    Optional.of(Workspace.state(row.getString(3))),
                    asked.contains(id)));
    return node[0];
  }

  private boolean add(String id, Lineage.Node node) {
    if (nodes.containsKey(id)) {
      return true;
    }
    if (nodes.size() >= most) {
      cut = true;
      return false;
    }
    nodes.put(id, node);
    return true;
  }
}
