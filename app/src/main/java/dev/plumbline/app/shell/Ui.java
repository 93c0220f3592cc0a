package dev.plumbline.app.shell;

import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import javafx.util.Duration;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** Small parts that every view is made of. */
public final class Ui {
  private static final String METRIC = "plumbline.metric";

  private Ui() {}

  /** A label with style classes. */
  public static Label label(String text, String... classes) {
    Label label = new Label(text);
    label.getStyleClass().addAll(classes);
    return label;
  }

  /** A label that is never cut. */
  public static Label whole(String text, String... classes) {
    Label label = label(text, classes);
    label.setMinWidth(Region.USE_PREF_SIZE);
    return label;
  }

  /** A card: a surface with a border, content from top to bottom. */
  public static VBox card(Node... content) {
    VBox card = new VBox(content);
    card.getStyleClass().add("card");
    return card;
  }

  /** An icon that stands for nothing alone; give its owner an accessible text. */
  public static FontIcon icon(Feather code) {
    return new FontIcon(code);
  }

  /** A button with text and icon. */
  public static Button button(String text, Feather code, Runnable task) {
    Button button = new Button(text, icon(code));
    button.setMnemonicParsing(false);
    button.setOnAction(event -> task.run());
    return button;
  }

  /** A button for an action: its text, icon and whether it can be pressed. */
  public static Button button(Action action) {
    Button button = button(action.text(), action.icon(), action::run);
    button.disableProperty().bind(javafx.beans.binding.Bindings.not(action.enabled()));
    button.setId(action.id());
    keyTip(button, action.text(), action.binding());
    return button;
  }

  /** A button with an icon only; its text is said by screen readers and shown as a tooltip. */
  public static Button iconButton(String text, Feather code, Runnable task) {
    Button button = new Button("", icon(code));
    button.getStyleClass().addAll("flat", "icon-button");
    button.setAccessibleText(text);
    button.setOnAction(event -> task.run());
    tip(button, text);
    return button;
  }

  /**
   * Says which metric a part of a page shows, so that F1 over it or in it opens the glossary there.
   * A label or button whose text is the metric's name or label needs none.
   */
  public static void explains(Node node, String metric) {
    node.getProperties().put(METRIC, metric);
  }

  /** The metric that a part was said to show, or empty. */
  static Optional<String> explained(Node node) {
    return node.hasProperties() && node.getProperties().get(METRIC) instanceof String metric
        ? Optional.of(metric)
        : Optional.empty();
  }

  /** An icon that opens the glossary at what {@code metric} gives when it is pressed. */
  public static Button info(Supplier<String> metric) {
    Button button = iconButton(Strings.text("help.open"), Feather.INFO, () -> {});
    button.getStyleClass().add("info-button");
    button.setOnAction(event -> button.fireEvent(new AskEvent(metric.get())));
    return button;
  }

  /** A tooltip that waits a moment and stays to be read. */
  public static Tooltip tip(Node node, String text) {
    Tooltip tooltip = made(text);
    Tooltip.install(node, tooltip);
    return tooltip;
  }

  /** A tooltip for a cell, which has its own way to show one. */
  public static Tooltip tooltip(String text) {
    return made(text);
  }

  /** A tooltip whose text is made each time it comes up. */
  public static Tooltip tip(Node node, Supplier<String> text) {
    Tooltip tooltip = tip(node, text.get());
    // Asked for when it shows: what a text is made of outlives the node, and must not hold it.
    tooltip.setOnShowing(event -> tooltip.setText(text.get()));
    return tooltip;
  }

  /** A tooltip that ends in the key of what a control does, as it is at that time. */
  public static Tooltip keyTip(Node node, String text, KeyBinding binding) {
    return tip(node, () -> binding.words().isEmpty() ? text : text + "  (" + binding.words() + ")");
  }

  private static Tooltip made(String text) {
    Tooltip tooltip = new Tooltip(text);
    tooltip.setWrapText(true);
    tooltip.setMaxWidth(380);
    tooltip.setShowDelay(Duration.millis(350));
    tooltip.setShowDuration(Duration.seconds(60));
    return tooltip;
  }

  /**
   * A part that cannot be used while there is an obstacle, which its tooltip then tells. A disabled
   * node hears no pointer, so the tooltip hangs on a wrapper around it.
   */
  public static Region guard(Node part, ObservableStringValue obstacle) {
    StackPane lock = new StackPane(part);
    StackPane guard = new StackPane(lock);
    Tooltip tip = made("");
    Runnable update =
        () -> {
          boolean locked = !obstacle.get().isEmpty();
          lock.setDisable(locked);
          tip.setText(obstacle.get());
          guard.setAccessibleHelp(obstacle.get());
          if (locked) {
            Tooltip.install(guard, tip);
          } else {
            Tooltip.uninstall(guard, tip);
          }
        };
    obstacle.subscribe(update);
    update.run();
    return guard;
  }

  /** What a page says while there is nothing on it, and where to begin. */
  public static VBox empty(Feather code, String title, String text, Node begin) {
    FontIcon picture = icon(code);
    picture.getStyleClass().add("empty-icon");
    Label words = label(text, "muted");
    words.setWrapText(true);
    words.setTextAlignment(TextAlignment.CENTER);
    words.setMaxWidth(680);
    VBox box = new VBox(10, picture, label(title, "card-title"), words, begin);
    box.getStyleClass().add("empty");
    return box;
  }

  /** A part that takes what width is left. */
  public static Region spring() {
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    VBox.setVgrow(spring, Priority.ALWAYS);
    return spring;
  }

  /** A row of parts. */
  public static HBox row(double spacing, Node... content) {
    HBox row = new HBox(spacing, content);
    row.getStyleClass().add("row");
    return row;
  }

  /**
   * Lets a pane keep no picture of what it holds: a large one costs memory, and drawn without a
   * window it would be an old one.
   */
  public static void uncached(ScrollPane pane) {
    pane.skinProperty()
        .subscribe(
            skin -> {
              Node view = pane.lookup(".viewport");
              if (view != null) {
                view.setCache(false);
              }
            });
  }
}
