package dev.plumbline.app.labelling;

import dev.plumbline.app.shell.Actions;
import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Notices;
import dev.plumbline.app.shell.Overlay;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.layout.StackPane;
import org.kordamp.ikonli.feather.Feather;

/** The labelling page: the batches and what came of them, or the pair that is being compared. */
public final class LabellingView implements View {
  private final LabellingViewModel model;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final StackPane root = new StackPane();
  private final BatchesPane batches;
  private final PairPane pair;
  private final Overlay overlay;

  /**
   * @param obstacle why nothing can be changed in this workspace, or empty
   * @param keys the page's keys, of {@link #declare}
   */
  public LabellingView(
      LabellingViewModel model,
      ObservableStringValue obstacle,
      DialogService dialogs,
      Notices notices,
      Actions keys) {
    this.model = model;
    root.setMinSize(0, 0);
    overlay = new Overlay(root);
    pair = new PairPane(model, keys);
    batches = new BatchesPane(model, obstacle, dialogs, notices, () -> make(dialogs, obstacle));
    model.state().subscribe(this::show);
    show(model.state().get());
  }

  /** Makes the page's keys known, before there is a page. */
  public static void declare(Actions keys) {
    LabelKey.declare(keys);
  }

  private void make(DialogService dialogs, ObservableStringValue obstacle) {
    if (!obstacle.get().isEmpty()) {
      return;
    }
    NewBatchForm form = new NewBatchForm(model, dialogs, overlay::close);
    overlay.open("new-batch", Strings.text("labels.new.title"), form.node(), 620, form.first());
  }

  private void show(LabellingState state) {
    if (state.screen().isPresent()) {
      LabellingState.Screen screen = state.screen().get();
      pair.show(screen);
      set(pair.node());
      pair.focus();
      subject.set(
          Strings.text(
              "labels.subject",
              screen.batch(),
              screen.hidden() ? Strings.text("labels.blind") : Strings.text("labels.open"),
              screen.annotator()));
    } else {
      subject.set("");
      pair.forget();
      batches.show(state);
      set(
          state.batches().isEmpty() && !state.busy()
              ? Ui.empty(
                  Feather.CHECK_SQUARE,
                  Strings.text("labels.empty"),
                  Strings.text("labels.empty.text"),
                  batches.begin())
              : batches.node());
    }
  }

  private void set(Node node) {
    if (root.getChildren().isEmpty()) {
      root.getChildren().add(node);
    } else if (!root.getChildren().getFirst().equals(node)) {
      root.getChildren().set(0, node);
    }
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  @Override
  public void shown() {
    model.refresh();
  }
}
