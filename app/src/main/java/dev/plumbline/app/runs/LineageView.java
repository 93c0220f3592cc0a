package dev.plumbline.app.runs;

import dev.plumbline.app.feed.RunWords;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.workspace.Lineage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javafx.scene.Group;
import javafx.scene.control.Button;
import javafx.scene.layout.Pane;
import javafx.scene.shape.CubicCurve;
import org.kordamp.ikonli.feather.Feather;

/**
 * Where runs come from and what came of them, from top to bottom: each node stands below everything
 * that it was made from. A node is a button that leads to its run.
 */
final class LineageView extends Pane {
  private static final double WIDTH = 158;
  private static final double HEIGHT = 40;
  private static final double GAP_X = 14;
  private static final double GAP_Y = 42;

  private final Consumer<String> onRun;
  private final Consumer<String> onFile;

  /**
   * @param onRun goes to a run
   * @param onFile takes the path of a file or model from elsewhere
   */
  LineageView(Consumer<String> onRun, Consumer<String> onFile) {
    this.onRun = onRun;
    this.onFile = onFile;
    setId("runs-lineage");
    getStyleClass().add("lineage");
  }

  /**
   * Layers from top to bottom: 0 for what was made from nothing, else one below the lowest origin.
   */
  static Map<String, Integer> layers(Lineage lineage) {
    Map<String, Integer> layers = new HashMap<>();
    lineage.nodes().forEach(node -> layers.put(node.id(), 0));
    // A run can only be made from what was there before, so this ends; the bound keeps a damaged
    // database from turning in a circle.
    for (int round = 0; round < lineage.nodes().size(); round++) {
      boolean changed = false;
      for (Lineage.Edge edge : lineage.edges()) {
        int below = layers.getOrDefault(edge.from(), 0) + 1;
        if (layers.getOrDefault(edge.to(), 0) < below) {
          layers.put(edge.to(), below);
          changed = true;
        }
      }
      if (!changed) {
        break;
      }
    }
    // What was made from nothing stands right above its first use, so that edges stay short.
    for (Lineage.Node node : lineage.nodes()) {
      boolean origin = lineage.edges().stream().noneMatch(edge -> edge.to().equals(node.id()));
      if (origin) {
        lineage.edges().stream()
            .filter(edge -> edge.from().equals(node.id()))
            .mapToInt(edge -> layers.getOrDefault(edge.to(), 1))
            .min()
            .ifPresent(use -> layers.put(node.id(), Math.max(0, use - 1)));
      }
    }
    return layers;
  }

  /** Shows another lineage. */
  void show(Lineage lineage) {
    Map<String, Integer> layers = layers(lineage);
    Map<Integer, List<Lineage.Node>> rows = new TreeMap<>();
    for (Lineage.Node node : lineage.nodes()) {
      rows.computeIfAbsent(layers.getOrDefault(node.id(), 0), _ -> new ArrayList<>()).add(node);
    }
    Map<String, double[]> places = new HashMap<>();
    double widest = rows.values().stream().mapToInt(List::size).max().orElse(0);
    double total = widest * WIDTH + Math.max(0, widest - 1) * GAP_X;
    Group edges = new Group();
    List<Button> nodes = new ArrayList<>();
    int row = 0;
    for (List<Lineage.Node> layer : rows.values()) {
      // each below the middle of what it was made from, so that fewer edges cross
      layer.sort(Comparator.comparingDouble(node -> middle(lineage, node, places)));
      double x = (total - layer.size() * WIDTH - (layer.size() - 1) * GAP_X) / 2;
      for (Lineage.Node node : layer) {
        double y = row * (HEIGHT + GAP_Y);
        places.put(node.id(), new double[] {x, y});
        nodes.add(button(node, x, y));
        x += WIDTH + GAP_X;
      }
      row++;
    }
    for (Lineage.Edge edge : lineage.edges()) {
      double[] from = places.get(edge.from());
      double[] to = places.get(edge.to());
      if (from != null && to != null) {
        edges.getChildren().add(curve(from, to, edge.label()));
      }
    }
    getChildren().setAll(edges);
    getChildren().addAll(nodes);
    double height = Math.max(0, row * HEIGHT + (row - 1) * GAP_Y);
    setMinSize(total, height);
    setPrefSize(total, height);
  }

  private static double middle(Lineage lineage, Lineage.Node node, Map<String, double[]> places) {
    return lineage.edges().stream()
        .filter(edge -> edge.to().equals(node.id()) && places.containsKey(edge.from()))
        .mapToDouble(edge -> places.getOrDefault(edge.from(), new double[] {0, 0})[0])
        .average()
        .orElse(0);
  }

  private Button button(Lineage.Node node, double x, double y) {
    Button button =
        new Button(
            node.name() + (note(node).isEmpty() ? "" : "\n" + note(node)),
            Ui.icon(
                switch (node.kind()) {
                  case RUN -> Feather.ACTIVITY;
                  case DATA -> Feather.DATABASE;
                  case MODEL -> Feather.BOX;
                }));
    button.setMnemonicParsing(false);
    button.getStyleClass().setAll("lineage-node");
    if (node.asked()) {
      button.getStyleClass().add("lineage-asked");
    }
    button.setId("lineage-" + node.id());
    button.resizeRelocate(x, y, WIDTH, HEIGHT);
    button.setPrefSize(WIDTH, HEIGHT);
    button.setMinSize(WIDTH, HEIGHT);
    button.setMaxSize(WIDTH, HEIGHT);
    button.setLayoutX(x);
    button.setLayoutY(y);
    Ui.tip(button, tip(node));
    button.setAccessibleText(tip(node));
    button.setOnAction(
        _ -> {
          if (node.kind() == Lineage.Kind.RUN) {
            onRun.accept(node.id());
          } else {
            onFile.accept(node.id());
          }
        });
    return button;
  }

  private static String note(Lineage.Node node) {
    return node.state()
        .map(state -> RunWords.stage(node.note()) + " · " + RunWords.state(state))
        .orElse(node.note());
  }

  private static String tip(Lineage.Node node) {
    return switch (node.kind()) {
      case RUN -> Strings.text("runs.lineage.run", node.name(), note(node), node.id());
      case DATA -> Strings.text("runs.lineage.data", node.id(), node.note());
      case MODEL -> Strings.text("runs.lineage.model", node.id(), node.note());
    };
  }

  private static CubicCurve curve(double[] from, double[] to, String label) {
    double x1 = from[0] + WIDTH / 2;
    double y1 = from[1] + HEIGHT;
    double x2 = to[0] + WIDTH / 2;
    double y2 = to[1];
    double bend = Math.max(20, (y2 - y1) / 2);
    CubicCurve curve = new CubicCurve(x1, y1, x1, y1 + bend, x2, y2 - bend, x2, y2);
    curve.getStyleClass().add("lineage-edge");
    Ui.tip(curve, label);
    return curve;
  }
}
