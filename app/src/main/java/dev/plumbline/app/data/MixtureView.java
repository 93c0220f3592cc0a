package dev.plumbline.app.data;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.workspace.DataFile;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** Mixing files for a preference model; the result is the text of a spec. */
final class MixtureView implements View {
  private final MixtureViewModel mixture;
  private final Overlay overlay;
  private final ObservableStringValue obstacle;
  private final Consumer<String> clipboard;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final GridPane grid = new GridPane(8, 6);
  private final Label sum = Ui.label("");
  private final TextArea spec = new TextArea();
  private final MenuButton add =
      new MenuButton(Strings.text("data.mixture.add"), Ui.icon(Feather.PLUS));
  private final Button start;
  private final ScrollPane root;
  private List<String> shown = List.of();

  MixtureView(
      DataViewModel model,
      ObservableStringValue obstacle,
      Overlay overlay,
      Consumer<String> clipboard) {
    mixture = model.mixture();
    this.obstacle = obstacle;
    this.overlay = overlay;
    this.clipboard = clipboard;
    add.setId("data-mixture-add");
    Button equal = Ui.button(Strings.text("data.mixture.equal"), Feather.SLIDERS, mixture::equal);
    equal.setId("data-mixture-equal");
    TextField total = field(Strings.text("data.mixture.total"), 8);
    total.setId("data-mixture-total");
    total.setText(Long.toString(mixture.state().get().comparisons()));
    total
        .textProperty()
        .subscribe(
            (_, text) -> {
              String plain = text.replace(",", "").strip();
              if (plain.matches("[1-9][0-9]{0,9}")) {
                mixture.setComparisons(Long.parseLong(plain));
              }
            });
    TextField base = field(Strings.text("data.mixture.base"), 14);
    base.setId("data-mixture-base");
    base.setPromptText("run:NAME");
    base.textProperty().subscribe((_, text) -> mixture.setBase(text));
    spec.setId("data-mixture-spec");
    spec.setEditable(false);
    spec.setPrefRowCount(10);
    spec.getStyleClass().add("spec-text");
    spec.setAccessibleText(Strings.text("data.spec"));
    Label why = Ui.label(Strings.text("data.mixture.why"), "muted");
    why.setWrapText(true);
    why.setMinHeight(Region.USE_PREF_SIZE);
    sum.setId("data-mixture-sum");
    Button copy =
        Ui.button(
            Strings.text("data.spec.copy"), Feather.COPY, () -> clipboard.accept(mixture.spec()));
    copy.setId("data-mixture-copy");
    start = Ui.button(Strings.text("data.spec.run"), Feather.PLAY, this::newRun);
    start.setId("data-mixture-run");
    start.getStyleClass().add("accent");
    VBox.setVgrow(spec, Priority.ALWAYS);
    VBox text =
        Ui.card(
            Ui.label(Strings.text("data.spec"), "card-title"),
            spec,
            Ui.row(8, copy, Ui.spring(), Ui.guard(start, obstacle)));
    root =
        new ScrollPane(
            new VBox(
                10,
                Ui.card(
                    Ui.label(Strings.text("data.mixture.title"), "card-title"),
                    why,
                    grid,
                    Ui.row(8, add, equal, Ui.spring(), sum),
                    Ui.row(
                        8,
                        Ui.whole(Strings.text("data.mixture.total"), "muted"),
                        total,
                        Ui.whole(Strings.text("data.mixture.base"), "muted"),
                        base)),
                text));
    root.setFitToWidth(true);
    root.getStyleClass().add("card-scroll");
    mixture.state().subscribe(_ -> update());
    model.library().files().subscribe(_ -> menu());
  }

  private static TextField field(String name, int columns) {
    TextField field = new TextField();
    field.setAccessibleText(name);
    field.setPrefColumnCount(columns);
    return field;
  }

  private void menu() {
    add.getItems().clear();
    for (DataFile file : mixture.choices()) {
      MenuItem item = new MenuItem(file.name());
      item.setMnemonicParsing(false);
      item.setOnAction(_ -> mixture.add(file.name()));
      add.getItems().add(item);
    }
    add.setDisable(add.getItems().isEmpty());
  }

  private void update() {
    MixtureViewModel.State state = mixture.state().get();
    List<String> files =
        state.parts().stream().map(part -> part.file() + "\n" + part.name()).toList();
    // names change while they are typed: the fields stay then
    if (grid.getChildren().isEmpty() || files.size() != shown.size()) {
      rows(state);
    } else {
      shares(state);
    }
    shown = files;
    boolean whole = state.isWhole();
    sum.setText(
        state.parts().isEmpty()
            ? Strings.text("data.mixture.none")
            : whole
                ? Strings.text("data.mixture.whole")
                : Strings.text("data.mixture.sum", Numbers.fixed(state.sum(), 3)));
    sum.getStyleClass()
        .setAll("label", state.parts().isEmpty() ? "subtle" : whole ? "good" : "bad");
    start.setDisable(!whole);
    spec.setText(mixture.spec());
  }

  private void rows(MixtureViewModel.State state) {
    grid.getChildren().clear();
    if (state.parts().isEmpty()) {
      return;
    }
    grid.addRow(
        0,
        Ui.whole(Strings.text("data.mixture.file"), "muted"),
        Ui.whole(Strings.text("data.mixture.name"), "muted"),
        Ui.whole(Strings.text("data.field.tranche"), "muted"),
        Ui.whole(Strings.text("data.mixture.share"), "muted"),
        Ui.whole(Strings.text("data.mixture.weight"), "muted"));
    for (int i = 0; i < state.parts().size(); i++) {
      int place = i;
      MixtureViewModel.Part part = state.parts().get(i);
      Label file = Ui.label(part.file());
      file.setMinWidth(90);
      file.setMaxWidth(200);
      TextField name =
          text(
              place,
              Strings.text("data.mixture.name"),
              part.name(),
              10,
              text -> !text.isBlank(),
              text -> part(place).map(text, Change.NAME));
      TextField tranche =
          text(
              place,
              Strings.text("data.field.tranche"),
              part.tranche(),
              8,
              _ -> true,
              text -> part(place).map(text, Change.TRANCHE));
      tranche.setPromptText(Strings.text("data.mixture.all"));
      TextField share =
          text(
              place,
              Strings.text("data.mixture.share"),
              SplitViewModel.number(part.share()),
              6,
              text -> isNumber(text) && Double.parseDouble(text.strip()) <= 1,
              text -> part(place).map(text, Change.SHARE));
      share.setId("data-mixture-share-" + place);
      TextField weight =
          text(
              place,
              Strings.text("data.mixture.weight"),
              SplitViewModel.number(part.weight()),
              5,
              text -> isNumber(text) && Double.parseDouble(text.strip()) > 0,
              text -> part(place).map(text, Change.WEIGHT));
      Button remove =
          Ui.iconButton(
              Strings.text("data.mixture.remove", part.name()),
              Feather.X,
              () -> mixture.remove(place));
      grid.addRow(i + 1, file, name, tranche, share, weight, remove);
    }
  }

  private enum Change {
    NAME,
    TRANCHE,
    SHARE,
    WEIGHT
  }

  /** A part that a field changes. */
  private record Changed(MixtureViewModel.Part part) {
    MixtureViewModel.Part map(String text, Change change) {
      String plain = text.strip();
      return switch (change) {
        case NAME ->
            new MixtureViewModel.Part(
                part.file(), plain, part.tranche(), part.share(), part.weight());
        case TRANCHE ->
            new MixtureViewModel.Part(part.file(), part.name(), plain, part.share(), part.weight());
        case SHARE -> part.withShare(Double.parseDouble(plain));
        case WEIGHT ->
            new MixtureViewModel.Part(
                part.file(), part.name(), part.tranche(), part.share(), Double.parseDouble(plain));
      };
    }
  }

  private Changed part(int place) {
    return new Changed(mixture.state().get().parts().get(place));
  }

  private static boolean isNumber(String text) {
    return text.strip().matches("[0-9]*\\.?[0-9]+");
  }

  private TextField text(
      int place,
      String name,
      String value,
      int columns,
      Function<String, Boolean> fine,
      Function<String, MixtureViewModel.Part> changed) {
    TextField field = field(name + " " + (place + 1), columns);
    field.setText(value);
    field
        .textProperty()
        .subscribe(
            (_, text) -> {
              if (fine.apply(text)) {
                mixture.set(place, changed.apply(text));
              }
            });
    return field;
  }

  /** Shares that were set together; a field that is typed in stays as it is. */
  private void shares(MixtureViewModel.State state) {
    for (int i = 0; i < state.parts().size(); i++) {
      if (grid.lookup("#data-mixture-share-" + i) instanceof TextField field
          && !field.isFocused()) {
        String text = SplitViewModel.number(state.parts().get(i).share());
        if (!field.getText().equals(text)) {
          field.setText(text);
        }
      }
    }
  }

  private void newRun() {
    TextArea text = new TextArea(mixture.spec());
    text.setId("data-spec");
    text.setAccessibleText(Strings.text("data.spec"));
    text.getStyleClass().add("spec-text");
    text.setPrefRowCount(16);
    Overlay.tabLeadsOn(text);
    Label verdict = Ui.label("", "small-text");
    verdict.setId("data-spec-verdict");
    verdict.setWrapText(true);
    verdict.setMinHeight(34);
    Button go =
        Ui.button(
            Strings.text("data.spec.start"),
            Feather.PLAY,
            () -> mixture.start(text.getText(), _ -> overlay.close(), line -> tell(verdict, line)));
    go.setId("data-spec-start");
    go.getStyleClass().add("accent");
    go.setDisable(true);
    Runnable check =
        () -> {
          String now = text.getText();
          mixture.check(
              now,
              line -> {
                if (now.equals(text.getText())) {
                  tell(verdict, line);
                  go.setDisable(!line.isEmpty());
                }
              });
        };
    text.textProperty().subscribe((_, _) -> check.run());
    check.run();
    overlay.open(
        "data-new-run",
        Strings.text("data.spec.run"),
        new VBox(
            10,
            text,
            verdict,
            Ui.row(
                8,
                Ui.button(
                    Strings.text("data.spec.copy"),
                    Feather.COPY,
                    () -> clipboard.accept(text.getText())),
                Ui.spring(),
                Ui.guard(go, obstacle))),
        680,
        text);
  }

  private static void tell(Label verdict, String line) {
    verdict.setText(line.isEmpty() ? Strings.text("data.spec.valid") : line);
    verdict.getStyleClass().setAll("label", "small-text", line.isEmpty() ? "good" : "bad");
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }
}
