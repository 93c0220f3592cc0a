package dev.plumbline.app.shell;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.WeakChangeListener;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.geometry.Side;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Circle;
import javafx.scene.transform.Scale;
import org.controlsfx.control.StatusBar;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frame: rail at the left, bar at the top, page in the middle, status at the bottom, and over
 * all of it the command palette and the notices.
 */
public final class Shell extends StackPane implements Navigator {
  private static final PseudoClass PROBLEM = PseudoClass.getPseudoClass("problem");

  private static final PseudoClass TIGHT = PseudoClass.getPseudoClass("tight");
  private static final Logger LOG = LoggerFactory.getLogger(Shell.class);

  /** Below this width and height a page scrolls instead of being squeezed, in pixels. */
  private static final double PAGE_WIDTH = 900;

  private static final double PAGE_HEIGHT = 560;

  /** Below this width the rail has no words, and the bar no brand. */
  private static final double NARROW = 900;

  private final ShellViewModel model;
  private final Actions actions;
  private final SettingsModel settings;
  private final DialogService dialogs;
  private final Map<Page, Function<Shell, View>> makers = new EnumMap<>(Page.class);
  private final Map<Page, View> views = new EnumMap<>(Page.class);
  private final Map<Page, ToggleButton> rail = new EnumMap<>(Page.class);
  private final StackPane content = new StackPane();
  private final StackPane desk = new StackPane();
  private final Overlay overlay = new Overlay(desk);
  private final Scale enlarged = new Scale(1, 1, 0, 0);
  private final VBox railPane = new VBox();
  private final ScrollPane railScroll = new ScrollPane(railPane);
  private final Label brand = Ui.whole(Strings.text("app.name"), "brand");
  private final Label crumbPage = Ui.whole("", "crumb-page");
  private final Label crumbSubject = Ui.label("", "crumb-subject");
  private final HBox searchFace = Ui.row(8);
  private final Label searchPrompt = Ui.label(Strings.text("palette.prompt"), "muted");
  private final Notices notices = new Notices();
  private final CommandPalette palette;
  private final JobsPanel jobs;
  private final Button themeButton;
  private final ChangeListener<ColorScheme> systemChanged = (_, _, _) -> dress();
  private Theme theme;
  private boolean dressed;
  private boolean controlsDark;
  private Consumer<String> onRetry = code -> {};
  private Predicate<String> explained = name -> false;
  private Consumer<String> asked = name -> {};

  /**
   * @param settings how everything looks; each change is in force at once
   * @param dialogs takes the details of a page that failed
   */
  public Shell(
      ShellViewModel model, Actions actions, SettingsModel settings, DialogService dialogs) {
    this.model = model;
    this.actions = actions;
    this.settings = settings;
    this.dialogs = dialogs;
    Platform.getPreferences()
        .colorSchemeProperty()
        .addListener(new WeakChangeListener<>(systemChanged));
    this.theme = wanted();
    this.palette = new CommandPalette(actions::matching);
    this.jobs = new JobsPanel(model);
    setId("shell");
    for (Page page : Page.values()) {
      actions.add(
          Action.of(
              "go." + page.name().toLowerCase(Locale.ROOT),
              Strings.text("action.go", page.title()),
              page.icon(),
              page.key(),
              () -> show(page)));
    }
    actions.add(
        Action.of(
            "palette", Strings.text("action.palette"), Feather.COMMAND, "Ctrl+K", palette::open));
    actions.add(
        Action.of("jobs", Strings.text("action.jobs"), Feather.LOADER, "Ctrl+J", jobs::toggle));
    Action toggle =
        actions.add(
            Action.of(
                "theme",
                Strings.text("action.theme"),
                Feather.MOON,
                "Ctrl+Shift+L",
                () ->
                    settings.change(
                        Strings.text("settings.did.theme"),
                        now -> now.withTheme(ThemeChoice.of(theme.other())))));
    themeButton = Ui.iconButton(toggle.text(), Feather.MOON, toggle::run);
    themeButton.setId("theme-toggle");
    actions.add(historyAction("edit.undo", Feather.CORNER_UP_LEFT, "Ctrl+Z", EditHistory::undo));
    actions.add(
        historyAction("edit.redo", Feather.CORNER_UP_RIGHT, "Ctrl+Shift+Z", EditHistory::redo));
    actions.add(
        Action.of("help", Strings.text("action.help"), Feather.HELP_CIRCLE, "F1", this::explain));
    addEventHandler(
        AskEvent.ASK,
        event -> {
          event.consume();
          asked.accept(event.name());
        });
    actions.add(
        Action.of(
            "zoom.in",
            Strings.text("action.zoom.in"),
            Feather.ZOOM_IN,
            "Ctrl+Equals",
            () -> zoom(25)));
    actions.add(
        Action.of(
            "zoom.out",
            Strings.text("action.zoom.out"),
            Feather.ZOOM_OUT,
            "Ctrl+Minus",
            () -> zoom(-25)));
    actions.add(
        Action.of(
            "zoom.reset",
            Strings.text("action.zoom.reset"),
            Feather.MAXIMIZE,
            "Ctrl+0",
            () -> zoom(-settings.settings().get().scale())));

    BorderPane frame = new BorderPane();
    frame.setLeft(railPane());
    BorderPane right = new BorderPane();
    right.setTop(new VBox(topBar(), banner()));
    content.getStyleClass().add("content");
    ScrollPane room = new ScrollPane(content);
    room.getStyleClass().addAll("card-scroll", "page-scroll");
    room.setFitToWidth(true);
    room.setFitToHeight(true);
    Ui.uncached(room);
    // A page that is too large for its window must not push the frame out of it.
    room.setMinSize(0, 0);
    content.setMinSize(PAGE_WIDTH, PAGE_HEIGHT);
    right.setCenter(room);
    right.setBottom(statusBar());
    frame.setCenter(right);
    desk.getTransforms().add(enlarged);
    desk.getChildren().addAll(frame, notices, jobs, palette);
    getChildren().add(desk);
    StackPane.setAlignment(notices, Pos.BOTTOM_RIGHT);
    settings.settings().subscribe(now -> dress(now));
  }

  private Action historyAction(
      String id, Feather icon, String key, Function<EditHistory, Optional<String>> step) {
    boolean back = id.equals("edit.undo");
    EditHistory history = settings.history();
    return Action.of(
            id,
            back ? Strings.text("action.undo") : Strings.text("action.redo"),
            icon,
            key,
            () ->
                step.apply(history)
                    .ifPresent(
                        what ->
                            notices.show(
                                Notices.Kind.INFO,
                                back
                                    ? Strings.text("notice.undone", what)
                                    : Strings.text("notice.redone", what))))
        .when((back ? history.undoText() : history.redoText()).isNotEmpty());
  }

  private void zoom(int percent) {
    settings.change(
        Strings.text("settings.did.scale"), now -> now.withScale(now.scale() + percent));
  }

  private Theme wanted() {
    return settings
        .settings()
        .get()
        .themeOrDefault()
        .theme(Platform.getPreferences().getColorScheme() == ColorScheme.DARK);
  }

  /** The frame is laid out for the window's size over the scale, and enlarged by it. */
  @Override
  protected void layoutChildren() {
    double factor = enlarged.getX();
    double width = getWidth() / factor;
    double height = getHeight() / factor;
    boolean narrow = width < NARROW;
    boolean tight = narrow || height < rail.size() * 54 + 20;
    if (tight == rail.values().iterator().next().getContentDisplay().equals(ContentDisplay.TOP)) {
      rail.values()
          .forEach(
              button ->
                  button.setContentDisplay(
                      tight ? ContentDisplay.GRAPHIC_ONLY : ContentDisplay.TOP));
      railPane.pseudoClassStateChanged(TIGHT, tight);
      railScroll.pseudoClassStateChanged(TIGHT, tight);
    }
    brand.setVisible(!narrow);
    brand.setManaged(!narrow);
    searchFace.setPrefWidth(narrow ? 60 : 260);
    searchPrompt.setVisible(!narrow);
    searchPrompt.setManaged(!narrow);
    desk.resizeRelocate(0, 0, width, height);
  }

  private void dress() {
    dress(settings.settings().get());
  }

  private void dress(Settings now) {
    actions.bind(now.keysOrNone());
    Theme next = wanted();
    double factor = now.scale() / 100.0;
    if (enlarged.getX() != factor) {
      enlarged.setX(factor);
      enlarged.setY(factor);
      requestLayout();
    }
    Scene scene = getScene();
    boolean other = next != theme;
    theme = next;
    if (scene != null) {
      if (!dressed || controlsDark != next.isDark()) {
        controlsDark = next.isDark();
        next.applyToControls();
      }
      dressed = true;
      List<String> sheets = new ArrayList<>(List.of(next.stylesheets()));
      sheets.add(Appearance.address(now, next, Theme.workbenchSheet()));
      if (!sheets.equals(scene.getStylesheets())) {
        scene.getStylesheets().setAll(sheets);
      }
    }
    themeButton.setGraphic(Ui.icon(theme.isDark() ? Feather.SUN : Feather.MOON));
    if (other) {
      for (View view : views.values()) {
        view.themed(theme);
      }
    }
  }

  /** Says how a page is made; it is made when it is first shown. */
  public void register(Page page, Function<Shell, View> maker) {
    makers.put(page, maker);
    ToggleButton button = rail.get(page);
    if (button != null) {
      button.setVisible(true);
      button.setManaged(true);
    }
  }

  /** What lies over the frame while something is to be read or filled in. */
  public Overlay overlay() {
    return overlay;
  }

  public Notices notices() {
    return notices;
  }

  public Theme theme() {
    return theme;
  }

  /** Puts the frame's keys into a scene and dresses it. */
  public void attach(Scene scene) {
    actions.install(scene);
    dress();
  }

  /** Takes all pages away; the frame shows nothing until others are registered. */
  public void clear() {
    View view = views.get(model.page().get());
    if (view != null) {
      view.hidden();
    }
    crumbSubject.textProperty().unbind();
    crumbSubject.setText("");
    content.getChildren().clear();
    views.clear();
    makers.clear();
    explained = name -> false;
    asked = name -> {};
  }

  @Override
  public void show(Page page) {
    if (!makers.containsKey(page)) {
      return;
    }
    View previous = views.get(model.page().get());
    View view = views.computeIfAbsent(page, this::make);
    rail.forEach((each, button) -> button.setSelected(each == page));
    if (content.getChildren().contains(view.node())) {
      return;
    }
    if (previous != null && !previous.equals(view)) {
      hide(model.page().get(), previous);
    }
    model.setPage(page);
    crumbPage.setText(page.title());
    crumbSubject.textProperty().bind(view.subject());
    content.getChildren().setAll(view.node());
    try {
      view.shown();
    } catch (RuntimeException e) {
      put(page, failed(page, e));
    }
  }

  private void hide(Page page, View view) {
    try {
      view.hidden();
    } catch (RuntimeException e) {
      views.put(page, failed(page, e));
    }
  }

  // ------------------------------------------------------------------------------------ help

  /**
   * Who explains names.
   *
   * @param known whether there is an entry of a name
   * @param ask opens the entry
   */
  public void explainWith(Predicate<String> known, Consumer<String> ask) {
    explained = known;
    asked = ask;
  }

  /**
   * Explains the number under the pointer, else that in the focus, else lets the page explain
   * itself, else opens help.
   */
  private void explain() {
    Optional<String> name =
        named(hovered(desk)).or(() -> named(Optional.ofNullable(getScene().getFocusOwner())));
    if (name.isPresent()) {
      asked.accept(name.get());
    } else if (!Optional.ofNullable(views.get(model.page().get()))
        .map(View::explainsItself)
        .orElse(false)) {
      show(Page.HELP);
    }
  }

  /** The innermost part under the pointer. */
  private static Optional<Node> hovered(Parent parent) {
    for (Node child : parent.getChildrenUnmodifiable()) {
      if (child.isHover() && child.isVisible()) {
        return child instanceof Parent inner
            ? hovered(inner).or(() -> Optional.of(child))
            : Optional.of(child);
      }
    }
    return Optional.empty();
  }

  /** What a part or one around it is called, if the glossary knows it. */
  private Optional<String> named(Optional<Node> part) {
    Node node = part.orElse(null);
    while (node != null && !node.equals(content)) {
      Optional<String> said = Ui.explained(node);
      if (said.isEmpty() && node instanceof Labeled labeled) {
        said = Optional.ofNullable(labeled.getText());
      }
      if (said.isEmpty() && node instanceof TableView<?> table) {
        TableColumn<?, ?> column = table.getFocusModel().getFocusedCell().getTableColumn();
        said = Optional.ofNullable(column).map(TableColumn::getText);
      }
      if (said.filter(explained).isPresent()) {
        return said;
      }
      node = node.getParent();
    }
    return Optional.empty();
  }

  // ---------------------------------------------------------------------- pages that failed

  private View make(Page page) {
    Function<Shell, View> maker = makers.get(page);
    if (maker == null) {
      throw new IllegalStateException("no page is registered for " + page);
    }
    try {
      return maker.apply(this);
    } catch (RuntimeException e) {
      return failed(page, e);
    }
  }

  private View failed(Page page, RuntimeException error) {
    UncaughtErrors.Report report = UncaughtErrors.report(error);
    LOG.error("Error {}: the page {} failed", report.code(), page, error);
    return new FailedView(page, report, () -> retry(page, report), dialogs);
  }

  /** Called with the code of an error before the page that it broke is made again. */
  public void onRetry(Consumer<String> action) {
    onRetry = action;
  }

  private void retry(Page page, UncaughtErrors.Report report) {
    onRetry.accept(report.code());
    views.remove(page);
    show(page);
  }

  private void put(Page page, View view) {
    views.put(page, view);
    if (model.page().get() == page) {
      crumbSubject.textProperty().bind(view.subject());
      content.getChildren().setAll(view.node());
    }
  }

  /**
   * Takes an error that nobody caught: a page whose code it comes from, and which was not just
   * answering a key or the pointer, may show anything now, so it is replaced by what went wrong and
   * a way to begin again. The other pages go on.
   *
   * @return whether a page was replaced
   */
  public boolean broke(UncaughtErrors.Report report) {
    if (report.stack().contains("com.sun.javafx.event.EventUtil.fireEvent")) {
      return false;
    }
    for (Map.Entry<Page, View> each : Map.copyOf(views).entrySet()) {
      View view = each.getValue();
      String owner = view.getClass().getPackageName();
      boolean own = !owner.equals(Shell.class.getPackageName());
      if (own && Pattern.compile("at \\Q" + owner + "\\E\\.[A-Z]").matcher(report.stack()).find()) {
        Page page = each.getKey();
        hide(page, view);
        put(page, new FailedView(page, report, () -> retry(page, report), dialogs));
        return true;
      }
    }
    return false;
  }

  private ScrollPane railPane() {
    VBox pane = railPane;
    pane.getStyleClass().add("rail");
    for (Page page : Page.values()) {
      if (!page.inRail()) {
        continue;
      }
      if (page == Page.SETTINGS) {
        pane.getChildren().add(Ui.spring());
      }
      ToggleButton button = new ToggleButton(page.title(), Ui.icon(page.icon()));
      button.setId("rail-" + page.name().toLowerCase(Locale.ROOT));
      button.setAccessibleText(page.title());
      button.getStyleClass().add("rail-button");
      button.setContentDisplay(ContentDisplay.TOP);
      button.setMaxWidth(Double.MAX_VALUE);
      button.setVisible(false);
      button.setManaged(false);
      Ui.keyTip(
          button,
          page.title(),
          actions.get("go." + page.name().toLowerCase(Locale.ROOT)).binding());
      // No toggle group: Tab would stop at the chosen page alone, and an arrow key would choose
      // another in the rail without going there.
      button.setOnAction(event -> show(page));
      rail.put(page, button);
      pane.getChildren().add(button);
    }
    ScrollPane scroll = railScroll;
    scroll.getStyleClass().addAll("card-scroll", "rail-scroll");
    scroll.setFitToHeight(true);
    scroll.setFitToWidth(true);
    scroll.setVbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setMinHeight(0);
    Ui.uncached(scroll);
    return scroll;
  }

  private HBox banner() {
    Label text = Ui.label("");
    text.setWrapText(true);
    text.setMaxWidth(Double.MAX_VALUE);
    HBox.setHgrow(text, Priority.ALWAYS);
    Button act = new Button();
    act.setId("banner-act");
    act.getStyleClass().add("small");
    act.setMinWidth(USE_PREF_SIZE);
    FontIcon icon = Ui.icon(Feather.INFO);
    HBox bar = Ui.row(10, icon, text, act);
    bar.setId("banner");
    bar.getStyleClass().add("banner");
    bar.setAccessibleRole(AccessibleRole.TEXT);
    model
        .banner()
        .subscribe(
            shown -> {
              bar.setVisible(shown.isPresent());
              bar.setManaged(shown.isPresent());
              shown.ifPresent(
                  what -> {
                    text.setText(what.text());
                    bar.setAccessibleText(what.text());
                    bar.pseudoClassStateChanged(PROBLEM, what.problem());
                    icon.setIconCode(what.problem() ? Feather.ALERT_TRIANGLE : Feather.INFO);
                    act.setVisible(!what.action().isEmpty());
                    act.setManaged(act.isVisible());
                    if (act.isVisible()) {
                      Action action = actions.get(what.action());
                      act.setText(action.text());
                      act.setOnAction(event -> action.run());
                    }
                  });
            });
    return bar;
  }

  private HBox topBar() {
    Label separator = Ui.label("/", "crumb-separator");
    separator.visibleProperty().bind(crumbSubject.textProperty().isNotEmpty());
    HBox crumbs = Ui.row(8, brand, crumbPage, separator, crumbSubject);
    crumbs.setMinWidth(0);
    Label key = Ui.whole("", "key");
    actions
        .get("palette")
        .binding()
        .current()
        .subscribe(now -> key.setText(actions.get("palette").binding().words()));
    HBox face = searchFace;
    face.getChildren().setAll(searchPrompt, Ui.spring(), key);
    Button search = new Button();
    search.setGraphic(face);
    search.setContentDisplay(ContentDisplay.GRAPHIC_ONLY);
    search.setId("palette-field");
    search.setAccessibleText(Strings.text("action.palette"));
    search.getStyleClass().add("palette-field");
    search.setOnAction(event -> palette.open());
    face.setPrefWidth(260);

    Button pill = new Button("", new Circle(4));
    pill.getStyleClass().setAll("pill", "pill-running", "pill-button");
    pill.setMinWidth(USE_PREF_SIZE);
    pill.setId("jobs-pill");
    pill.setOnAction(event -> jobs.toggle());
    Ui.tip(pill, Strings.text("top.running.tip"));
    model
        .jobs()
        .subscribe(
            now -> {
              long runs = now.stream().filter(job -> job.kind() != Job.Kind.STUDY).count();
              pill.setText(Strings.text("top.running", Math.max(1, runs)));
              pill.setVisible(!now.isEmpty());
              pill.setManaged(!now.isEmpty());
            });
    HBox edits = Ui.row(2, editButton("edit.undo"), editButton("edit.redo"));
    Button bell = new Button("", Ui.icon(Feather.BELL));
    bell.getStyleClass().setAll("pill", "pill-failed", "pill-button");
    bell.setMinWidth(USE_PREF_SIZE);
    bell.setId("alerts-pill");
    bell.setOnAction(event -> actions.get("alerts").run());
    Ui.tip(bell, Strings.text("alerts.pill.tip"));
    model
        .alerts()
        .subscribe(
            now -> {
              bell.setText(Strings.text("alerts.pill", now));
              bell.setVisible(now.intValue() > 0);
              bell.setManaged(now.intValue() > 0);
            });
    HBox bar = Ui.row(12, crumbs, Ui.spring(), edits, search, bell, pill, themeButton);
    bar.getStyleClass().add("top-bar");
    return bar;
  }

  /** Undo or redo, which says of what. */
  private Button editButton(String id) {
    Action action = actions.get(id);
    Button button = Ui.iconButton(action.text(), action.icon(), action::run);
    button.setId(id);
    button.disableProperty().bind(Bindings.not(action.enabled()));
    EditHistory history = settings.history();
    ReadOnlyStringProperty what = id.equals("edit.undo") ? history.undoText() : history.redoText();
    Ui.tip(
        button, () -> action.text() + ": " + what.get() + "  (" + action.binding().words() + ")");
    return button;
  }

  /** The workspace's name, with the ways to another one behind it. */
  private MenuButton workspaceMenu() {
    MenuButton menu = new MenuButton();
    menu.setId("workspace-menu");
    menu.textProperty().bind(model.workspace());
    menu.setMnemonicParsing(false);
    menu.setGraphic(Ui.icon(Feather.DATABASE));
    menu.getStyleClass().addAll("flat", "status-menu");
    menu.setPopupSide(Side.TOP);
    Tooltip tip = Ui.tip(menu, "");
    model.folder().subscribe(folder -> tip.setText(Strings.text("status.workspace.tip", folder)));
    menu.setOnShowing(
        event -> {
          menu.getItems().clear();
          for (Action action : actions.all()) {
            if (action.id().startsWith("workspace.")) {
              MenuItem item = new MenuItem(action.text(), Ui.icon(action.icon()));
              item.setMnemonicParsing(false);
              item.setAccelerator(action.key());
              item.setOnAction(chosen -> action.run());
              menu.getItems().add(item);
            }
          }
        });
    return menu;
  }

  /** What each worker computes on; with more than one, whose it is. */
  private static String devices(List<Job> workers) {
    return switch (workers.size()) {
      case 0 -> Strings.text("status.device", Runtime.getRuntime().availableProcessors());
      case 1 -> workers.getFirst().device();
      default ->
          workers.stream()
              .map(job -> job.name() + " " + job.device())
              .collect(Collectors.joining(", "));
    };
  }

  private StatusBar statusBar() {
    StatusBar bar = new StatusBar();
    bar.setText("");
    bar.setFocusTraversable(false); // what is in it takes the keys
    bar.getStyleClass().add("status");
    MenuButton workspace = workspaceMenu();
    Label device = Ui.label("");
    device.setId("status-device");
    device.setGraphic(Ui.icon(Feather.CPU));
    Tooltip deviceTip = Ui.tip(device, "");
    model
        .jobs()
        .subscribe(
            now -> {
              List<Job> workers = now.stream().filter(job -> !job.device().isEmpty()).toList();
              device.setText(devices(workers));
              deviceTip.setText(
                  workers.isEmpty()
                      ? Strings.text("status.device.tip")
                      : workers.stream()
                          .map(job -> job.name() + ": " + job.device())
                          .collect(Collectors.joining("\n")));
            });
    Label name = Ui.label("");
    name.setId("status-job");
    ProgressBar progress = new ProgressBar(0);
    progress.setAccessibleText(Strings.text("status.progress"));
    progress.getStyleClass().add("small");
    progress.setPrefWidth(120);
    Label rest = Ui.label("");
    Button job = new Button("", Ui.row(10, name, progress, rest));
    job.getStyleClass().setAll("status-button");
    job.setId("status-jobs");
    job.setOnAction(event -> jobs.toggle());
    model
        .jobs()
        .subscribe(
            now -> {
              job.setVisible(!now.isEmpty());
              // A study is told by the run that it is at.
              now.stream()
                  .filter(each -> each.kind() == Job.Kind.RUN)
                  .findFirst()
                  .or(() -> now.stream().findFirst())
                  .ifPresent(
                      first -> {
                        name.setText(first.name());
                        progress.setProgress(first.fraction() < 0 ? 0 : first.fraction());
                        rest.setText(first.rest());
                        job.setAccessibleText(first.name() + " " + first.rest());
                      });
            });
    HBox left = Ui.row(24, workspace, device, job);
    bar.getLeftItems().add(left);
    Label saved = Ui.label("");
    saved.textProperty().bind(model.saved());
    bar.getRightItems().add(saved);
    return bar;
  }
}
