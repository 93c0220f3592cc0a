package dev.plumbline.app.help;

import dev.plumbline.app.shell.AppHome;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/** The glossary, the sheet of keys, the paper's figures, and what Plumbline is made of. */
public final class HelpView implements View {
  private final HelpViewModel model;
  private final Consumer<String> clipboard;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final TabPane tabs = new TabPane();
  private final ListView<Glossary.Entry> list = new ListView<>();
  private final VBox entry = new VBox(10);
  private final VBox sheet = new VBox(14);
  private boolean showing;

  /**
   * @param version of the program
   * @param clipboard takes a text
   */
  public HelpView(HelpViewModel model, String version, Consumer<String> clipboard) {
    this.model = model;
    this.clipboard = clipboard;
    tabs.setId("help-tabs");
    tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
    tabs.getTabs()
        .setAll(
            new Tab(Strings.text("help.glossary"), part(glossary())),
            new Tab(Strings.text("help.keys"), part(scrolled(sheet))),
            new Tab(Strings.text("help.paper"), part(scrolled(paper()))),
            new Tab(Strings.text("help.about"), part(scrolled(about(version)))));
    model.entries().subscribe(this::showEntries);
    model.chosen().subscribe(this::showEntry);
    model.load();
  }

  private static Node part(Node node) {
    VBox box = new VBox(node);
    box.getStyleClass().add("tab-part");
    VBox.setVgrow(node, Priority.ALWAYS);
    return box;
  }

  private static Node scrolled(VBox content) {
    content.setMaxWidth(860);
    HBox centred = new HBox(content);
    centred.setAlignment(javafx.geometry.Pos.TOP_CENTER);
    HBox.setHgrow(content, Priority.ALWAYS);
    ScrollPane scroll = new ScrollPane(centred);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    return scroll;
  }

  // -------------------------------------------------------------------------------- glossary

  private Node glossary() {
    TextField search = new TextField();
    search.setId("help-search");
    search.setPromptText(Strings.text("help.search"));
    search.setAccessibleText(Strings.text("help.search"));
    search.textProperty().bindBidirectional(model.query());
    search.addEventFilter(
        KeyEvent.KEY_PRESSED,
        event -> {
          if (event.getCode() == KeyCode.DOWN || event.getCode() == KeyCode.UP) {
            int to =
                list.getSelectionModel().getSelectedIndex()
                    + (event.getCode() == KeyCode.DOWN ? 1 : -1);
            if (to >= 0 && to < list.getItems().size()) {
              list.getSelectionModel().select(to);
              list.scrollTo(Math.max(0, to - 4));
            }
            event.consume();
          }
        });
    list.setId("help-entries");
    list.setAccessibleText(Strings.text("help.glossary"));
    list.getStyleClass().add("plain-list");
    list.setCellFactory(ignored -> new EntryCell());
    list.setPlaceholder(Ui.label(Strings.text("help.none"), "muted"));
    list.getSelectionModel()
        .selectedItemProperty()
        .subscribe(
            next -> {
              if (next != null && !showing) {
                model.choose(next);
              }
            });
    VBox left = Ui.card(search, list);
    VBox.setVgrow(list, Priority.ALWAYS);
    left.setMinWidth(300);
    left.setPrefWidth(360);
    left.setMaxWidth(360);
    entry.setId("help-entry");
    ScrollPane scroll = new ScrollPane(entry);
    scroll.setFitToWidth(true);
    scroll.getStyleClass().add("card-scroll");
    VBox right = Ui.card(scroll);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    HBox.setHgrow(right, Priority.ALWAYS);
    HBox both = new HBox(14, left, right);
    both.setMinHeight(0);
    return both;
  }

  private void showEntries(List<Glossary.Entry> found) {
    showing = true;
    list.getItems().setAll(found);
    model.chosen().get().ifPresent(this::select);
    showing = false;
  }

  private void select(Glossary.Entry one) {
    int at = list.getItems().indexOf(one);
    if (at >= 0 && list.getSelectionModel().getSelectedIndex() != at) {
      list.getSelectionModel().clearAndSelect(at);
      list.scrollTo(Math.max(0, at - 4));
    }
  }

  private void showEntry(Optional<Glossary.Entry> one) {
    showing = true;
    one.ifPresent(this::select);
    showing = false;
    entry.getChildren().clear();
    one.ifPresent(
        found -> {
          boolean metric = found.kind() == Glossary.Kind.METRIC;
          Label title = Ui.label(label(found), "glossary-title");
          title.setWrapText(true);
          entry.getChildren().add(title);
          GridPane facts = new GridPane();
          facts.setHgap(16);
          facts.setVgap(10);
          String called = found.name();
          fact(facts, Strings.text("help.name"), called, "mono");
          fact(
              facts,
              Strings.text("help.unit"),
              found.unit().isEmpty() ? Strings.text("help.unit.none") : found.unit());
          fact(facts, Strings.text("help.definition"), found.definition());
          if (metric) {
            fact(
                facts,
                Strings.text("help.better"),
                switch (found.better()) {
                  case HIGHER -> Strings.text("help.better.higher");
                  case LOWER -> Strings.text("help.better.lower");
                  case NEITHER -> Strings.text("help.better.neither");
                });
          }
          fact(facts, Strings.text("help.source"), found.source());
          entry
              .getChildren()
              .addAll(
                  facts,
                  Ui.button(
                      Strings.text("help.copy"),
                      Feather.COPY,
                      () ->
                          clipboard.accept(
                              "%s (%s) [%s]: %s %s"
                                  .formatted(
                                      found.label(),
                                      found.name(),
                                      found.unit(),
                                      found.definition(),
                                      found.source()))));
        });
  }

  private static void fact(GridPane facts, String name, String text, String... classes) {
    Label value = Ui.label(text, classes);
    value.setWrapText(true);
    value.setMinHeight(Region.USE_PREF_SIZE);
    GridPane.setHgrow(value, Priority.ALWAYS);
    Label head = Ui.whole(name, "muted");
    GridPane.setValignment(head, VPos.TOP);
    facts.addRow(facts.getRowCount(), head, value);
  }

  private static String label(Glossary.Entry one) {
    return dev.plumbline.app.chart.FigureView.plain(one.label());
  }

  private static final class EntryCell extends ListCell<Glossary.Entry> {
    @Override
    protected void updateItem(Glossary.@Nullable Entry item, boolean empty) {
      super.updateItem(item, empty);
      if (empty || item == null) {
        setGraphic(null);
        setAccessibleText("");
        return;
      }
      Label title = Ui.label(label(item));
      title.setMinWidth(0);
      Label name = Ui.label(item.name(), "subtle", "small-text");
      name.setMinWidth(0);
      VBox words = new VBox(1, title, name);
      words.setMinWidth(0);
      HBox.setHgrow(words, Priority.ALWAYS);
      setGraphic(Ui.row(10, words, Ui.whole(item.unit(), "subtle", "small-text")));
      setAccessibleText(title.getText() + ", " + item.name());
      setPrefWidth(0);
    }
  }

  // ------------------------------------------------------------------------- keys, paper, about

  private void showKeys() {
    sheet.getChildren().clear();
    for (Map.Entry<String, List<HelpViewModel.Shortcut>> group : model.shortcuts().entrySet()) {
      GridPane grid = new GridPane();
      grid.setHgap(16);
      grid.setVgap(7);
      int half = (group.getValue().size() + 1) / 2;
      int number = 0;
      for (HelpViewModel.Shortcut each : group.getValue()) {
        Label does = Ui.label(each.text());
        does.setWrapText(true);
        does.setMinHeight(Region.USE_PREF_SIZE);
        does.setPrefWidth(260);
        GridPane.setHgrow(does, Priority.ALWAYS);
        int left = number < half ? 0 : 2;
        grid.add(Ui.whole(each.key(), "key"), left, number % half);
        grid.add(does, left + 1, number % half);
        number++;
      }
      sheet.getChildren().add(Ui.card(Ui.label(group.getKey(), "card-title"), grid));
    }
  }

  private VBox paper() {
    Label title = Ui.label(PaperFigures.TITLE, "card-title");
    title.setWrapText(true);
    GridPane grid = new GridPane();
    grid.setHgap(16);
    grid.setVgap(6);
    int line = 0;
    for (PaperFigures.Entry figure : PaperFigures.ALL) {
      Label shows = Ui.label(figure.shows());
      shows.setWrapText(true);
      shows.setMinHeight(Region.USE_PREF_SIZE);
      GridPane.setHgrow(shows, Priority.ALWAYS);
      grid.addRow(
          line++,
          Ui.whole(Strings.text("help.figure", figure.number()), "strong"),
          shows,
          Ui.whole(figure.section(), "muted"));
    }
    return new VBox(
        14,
        Ui.card(
            title,
            Ui.row(
                10,
                Ui.label(PaperFigures.ADDRESS, "mono"),
                Ui.iconButton(
                    Strings.text("help.copy.address"),
                    Feather.COPY,
                    () -> clipboard.accept(PaperFigures.ADDRESS)))),
        Ui.card(Ui.label(Strings.text("help.figures"), "card-title"), grid));
  }

  private VBox about(String version) {
    String program = Strings.text("help.version", version);
    Label licence = Ui.label(Strings.text("help.licence"), "muted");
    licence.setWrapText(true);
    GridPane grid = new GridPane();
    grid.setHgap(16);
    grid.setVgap(6);
    int line = 0;
    for (Licences.Entry each : Licences.ALL) {
      Label what = Ui.label(each.what(), "muted");
      what.setWrapText(true);
      GridPane.setHgrow(what, Priority.ALWAYS);
      grid.addRow(line++, Ui.whole(each.name()), what, Ui.whole(each.licence(), "muted"));
    }
    Label environment = Ui.label(AppHome.environment(), "muted");
    environment.setWrapText(true);
    return new VBox(
        14,
        Ui.card(
            Ui.label(program, "card-title"),
            environment,
            Ui.button(
                Strings.text("help.copy"),
                Feather.COPY,
                () -> clipboard.accept(program + "\n" + AppHome.environment())),
            licence),
        Ui.card(Ui.label(Strings.text("help.made"), "card-title"), grid));
  }

  @Override
  public Node node() {
    return tabs;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  /** Shows the part with the glossary. */
  public void showGlossary() {
    tabs.getSelectionModel().selectFirst();
  }

  @Override
  public void shown() {
    showKeys();
  }
}
