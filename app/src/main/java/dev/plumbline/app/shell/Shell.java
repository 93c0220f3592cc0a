package dev.plumbline.app.shell;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.geometry.Side;
import javafx.scene.AccessibleRole;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.scene.shape.Circle;
import org.controlsfx.control.StatusBar;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * The frame: rail at the left, bar at the top, page in the middle, status at the bottom, and over
 * all of it the command palette and the notices.
 */
public final class Shell extends StackPane implements Navigator {
  private static final PseudoClass PROBLEM = PseudoClass.getPseudoClass("problem");

  private final ShellViewModel model;
  private final Actions actions;
  private final Map<Page, Function<Shell, View>> makers = new EnumMap<>(Page.class);
  private final Map<Page, View> views = new EnumMap<>(Page.class);
  private final Map<Page, ToggleButton> rail = new EnumMap<>(Page.class);
  private final StackPane content = new StackPane();
  private final Label crumbPage = Ui.whole("", "crumb-page");
  private final Label crumbSubject = Ui.label("", "crumb-subject");
  private final Notices notices = new Notices();
  private final CommandPalette palette;
  private final JobsPanel jobs;
  private final Button themeButton;
  private Theme theme;

  public Shell(ShellViewModel model, Actions actions, Theme theme, Runnable toggleTheme) {
    this.model = model;
    this.actions = actions;
    this.theme = theme;
    this.palette = new CommandPalette(actions::matching);
    this.jobs = new JobsPanel(model);
    setId("shell");
    for (Page page : Page.values()) {
      actions.add(
          Action.of(
              "go." + page.name().toLowerCase(java.util.Locale.ROOT),
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
                "theme", Strings.text("action.theme"), Feather.MOON, "Ctrl+Shift+L", toggleTheme));
    themeButton = Ui.iconButton(toggle.text(), Feather.MOON, toggle::run);
    themeButton.setId("theme-toggle");

    BorderPane frame = new BorderPane();
    frame.setLeft(railPane());
    BorderPane right = new BorderPane();
    right.setTop(new VBox(topBar(), banner()));
    content.getStyleClass().add("content");
    // A page that is too high for its window must not push the frame out of it.
    content.setMinSize(0, 0);
    right.setCenter(content);
    right.setBottom(statusBar());
    frame.setCenter(right);
    getChildren().addAll(frame, notices, jobs, palette);
    StackPane.setAlignment(notices, Pos.BOTTOM_RIGHT);
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

  public Notices notices() {
    return notices;
  }

  public Theme theme() {
    return theme;
  }

  /** Puts the frame's keys into a scene and dresses it. */
  public void attach(Scene scene) {
    actions.install(scene);
    themed(theme);
  }

  /** Changes the look of everything. */
  public void themed(Theme next) {
    theme = next;
    if (getScene() != null) {
      theme.apply(getScene());
    }
    themeButton.setGraphic(new FontIcon(theme.isDark() ? Feather.SUN : Feather.MOON));
    for (View view : views.values()) {
      view.themed(theme);
    }
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
  }

  @Override
  public void show(Page page) {
    Function<Shell, View> maker = makers.get(page);
    if (maker == null) {
      return;
    }
    View previous = views.get(model.page().get());
    View view = views.computeIfAbsent(page, ignored -> maker.apply(this));
    rail.forEach((each, button) -> button.setSelected(each == page));
    if (content.getChildren().contains(view.node())) {
      return;
    }
    if (previous != null) {
      previous.hidden();
    }
    model.setPage(page);
    crumbPage.setText(page.title());
    crumbSubject.textProperty().bind(view.subject());
    content.getChildren().setAll(view.node());
    view.shown();
  }

  private VBox railPane() {
    VBox pane = new VBox();
    pane.getStyleClass().add("rail");
    for (Page page : Page.values()) {
      if (page == Page.SETTINGS) {
        pane.getChildren().add(Ui.spring());
      }
      ToggleButton button = new ToggleButton(page.title(), Ui.icon(page.icon()));
      button.setId("rail-" + page.name().toLowerCase(java.util.Locale.ROOT));
      button.getStyleClass().add("rail-button");
      button.setContentDisplay(ContentDisplay.TOP);
      button.setMaxWidth(Double.MAX_VALUE);
      button.setVisible(false);
      button.setManaged(false);
      Ui.tip(
          button, page.title() + "  (" + KeyCombination.valueOf(page.key()).getDisplayText() + ")");
      // No toggle group: Tab would stop at the chosen page alone, and an arrow key would choose
      // another in the rail without going there.
      button.setOnAction(event -> show(page));
      rail.put(page, button);
      pane.getChildren().add(button);
    }
    return pane;
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
    Label brand = Ui.whole(Strings.text("app.name"), "brand");
    Label separator = Ui.label("/", "crumb-separator");
    separator.visibleProperty().bind(crumbSubject.textProperty().isNotEmpty());
    HBox crumbs = Ui.row(8, brand, crumbPage, separator, crumbSubject);
    crumbs.setMinWidth(0);
    Label prompt = Ui.label(Strings.text("palette.prompt"), "muted");
    Label key = Ui.label("Ctrl K", "key");
    HBox face = Ui.row(8, prompt, Ui.spring(), key);
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
    HBox bar = Ui.row(14, crumbs, Ui.spring(), search, pill, themeButton);
    bar.getStyleClass().add("top-bar");
    return bar;
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
