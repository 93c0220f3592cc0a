package dev.plumbline.app.testing.faulty;

import dev.plumbline.app.shell.View;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.Node;
import javafx.scene.control.Label;

/** A page that fails when it is told to. */
public final class FaultyView implements View {
  private final SimpleStringProperty news = new SimpleStringProperty("");
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final Label label = new Label("here I am");
  private final boolean failsWhenShown;
  private boolean mended;

  public FaultyView() {
    this(false);
  }

  private FaultyView(boolean failsWhenShown) {
    this.failsWhenShown = failsWhenShown;
    label.setId("faulty");
    news.subscribe(this::show);
  }

  /** A page that fails as soon as it comes into sight. */
  public static FaultyView thatFailsWhenShown() {
    return new FaultyView(true);
  }

  private void show(String what) {
    if (!what.isEmpty() && !mended) {
      throw new IllegalStateException(what);
    }
    label.setText(what);
  }

  /** Gives it something to show, at which it fails. */
  public void update(String what) {
    news.set(what);
  }

  /** Lets it fail no more. */
  public void mend() {
    mended = true;
  }

  @Override
  public Node node() {
    return label;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  @Override
  public void shown() {
    if (failsWhenShown) {
      throw new IllegalStateException("not in this light");
    }
  }
}
