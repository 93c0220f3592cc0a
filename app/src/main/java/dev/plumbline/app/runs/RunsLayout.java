package dev.plumbline.app.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.training.Metrics;
import dev.plumbline.workspace.RunField;
import dev.plumbline.workspace.RunQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the table of runs looks: what a saved view keeps beside its name.
 *
 * @param filter its text
 * @param columns from left to right; pinned ones stand first
 * @param order the first decides
 * @param group the field whose equal values make a group, or null
 */
public record RunsLayout(
    String filter, List<Column> columns, List<Sort> order, @Nullable String group) {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  public RunsLayout {
    List<Column> sorted = new ArrayList<>(columns.stream().filter(Column::pinned).toList());
    columns.stream().filter(column -> !column.pinned()).forEach(sorted::add);
    columns = List.copyOf(sorted);
    order = List.copyOf(order);
  }

  /**
   * A column.
   *
   * @param field as {@link RunField#text}
   * @param width in pixels, 0 for what suits the field
   * @param pinned whether it stays in sight when the others are scrolled
   */
  public record Column(String field, double width, boolean pinned) {}

  /** An order by a column. */
  public record Sort(String field, boolean descending) {}

  /** What a new workspace shows. */
  public static RunsLayout standard() {
    return new RunsLayout(
        "",
        List.of(
            new Column("name", 0, true),
            new Column("state", 0, false),
            new Column("stage", 0, false),
            new Column("progress", 0, false),
            new Column(Metrics.PM_SCORE + ".last", 0, false),
            new Column(Metrics.SQRT_KL + ".last", 0, false),
            new Column(Metrics.EVAL_ACCURACY + ".last", 0, false),
            new Column("time", 0, false),
            new Column("tags", 0, false)),
        List.of(),
        null);
  }

  /** The fields of the columns; those that no version knows are left out. */
  public List<RunField> fields() {
    return columns.stream()
        .map(column -> RunField.parse(column.field()))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The order as a query has it. */
  public List<RunQuery.Order> orders() {
    List<RunQuery.Order> orders = new ArrayList<>();
    for (Sort sort : order) {
      RunField.parse(sort.field())
          .ifPresent(field -> orders.add(new RunQuery.Order(field, sort.descending())));
    }
    return orders;
  }

  /** The field to group by. */
  public Optional<RunField> grouping() {
    return Optional.ofNullable(group).flatMap(RunField::parse);
  }

  RunsLayout withFilter(String text) {
    return new RunsLayout(text, columns, order, group);
  }

  RunsLayout withColumns(List<Column> other) {
    return new RunsLayout(filter, other, order, group);
  }

  RunsLayout withOrder(List<Sort> other) {
    return new RunsLayout(filter, columns, other, group);
  }

  RunsLayout withGroup(@Nullable String other) {
    return new RunsLayout(filter, columns, order, other);
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a saved layout; what cannot be read is the standard one. */
  static RunsLayout read(String json) {
    try {
      RunsLayout read = JSON.readValue(json, RunsLayout.class);
      return read.fields().isEmpty() ? standard().withFilter(read.filter()) : read;
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return standard();
    }
  }
}
