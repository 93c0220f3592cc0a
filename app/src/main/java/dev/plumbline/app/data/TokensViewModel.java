package dev.plumbline.app.data;

import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataRow;
import dev.plumbline.dialogue.Comparison;
import dev.plumbline.training.TokenInspection;
import dev.plumbline.workspace.CheckpointRow;
import dev.plumbline.workspace.RunRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/** The tokens of the comparison that is read, as a chosen model sees them. */
public final class TokensViewModel {
  private final DataLibrary library;
  private final WorkspaceFeed feed;
  private final BrowseViewModel browse;
  private final ReadOnlyObjectWrapper<State> state =
      new ReadOnlyObjectWrapper<>(new State(List.of(), null, false, List.of(), ""));
  private boolean shown;
  private long asked;

  /**
   * A model whose tokenizer can be used.
   *
   * @param name of its run, or its directory's
   * @param directory in Hugging Face form
   */
  public record Model(String name, Path directory) {}

  /**
   * What is shown.
   *
   * @param models what can be chosen
   * @param model what is chosen, or null
   * @param chat whether in the model's chat template instead of the hh form
   * @param sides the tokens of the chosen and the rejected dialogue; empty before they are read
   * @param problem why there are none, or empty
   */
  public record State(
      List<Model> models,
      @Nullable Model model,
      boolean chat,
      List<TokenInspection> sides,
      String problem) {
    /** Copies the lists. */
    public State {
      models = List.copyOf(models);
      sides = List.copyOf(sides);
    }
  }

  TokensViewModel(DataLibrary library, WorkspaceFeed feed, BrowseViewModel browse) {
    this.library = library;
    this.feed = feed;
    this.browse = browse;
    browse.opened().subscribe(_ -> inspect());
  }

  /** What is shown. */
  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Whether anybody looks; out of sight nothing is read. */
  void setShown(boolean on) {
    shown = on;
    if (on) {
      findModels();
      inspect();
    }
  }

  private void findModels() {
    List<RunRow> runs = feed.snapshot().get().runs();
    feed.read(
        reader -> {
          List<Model> models = new ArrayList<>();
          for (RunRow run : runs) {
            List<CheckpointRow> checkpoints = reader.checkpoints(run.id());
            if (!checkpoints.isEmpty()) {
              Path model = checkpoints.getLast().directory().resolve("model");
              if (Files.exists(model.resolve("tokenizer.json"))) {
                models.add(new Model(run.name(), model));
              }
            }
          }
          return models;
        },
        found -> {
          State now = state.get();
          List<Model> models = new ArrayList<>(found);
          Model model = now.model();
          if (model != null && !models.contains(model)) {
            models.add(model);
          }
          Model chosen = model == null && !models.isEmpty() ? models.getFirst() : model;
          state.set(new State(models, chosen, now.chat(), now.sides(), now.problem()));
          if (model == null && chosen != null) {
            inspect();
          }
        });
  }

  /** Chooses a model. */
  public void setModel(Model model) {
    State now = state.get();
    if (!model.equals(now.model())) {
      List<Model> models = new ArrayList<>(now.models());
      if (!models.contains(model)) {
        models.add(model);
      }
      state.set(new State(models, model, now.chat(), List.of(), ""));
      inspect();
    }
  }

  /** Chooses the model's chat template, or the hh form. */
  public void setChat(boolean on) {
    State now = state.get();
    if (on != now.chat()) {
      state.set(new State(now.models(), now.model(), on, List.of(), ""));
      inspect();
    }
  }

  private void inspect() {
    State now = state.get();
    Model model = now.model();
    Optional<BrowseViewModel.Opened> opened = browse.opened().get();
    if (!shown || model == null || opened.isEmpty()) {
      return;
    }
    long mine = ++asked;
    DataRow row = opened.get().row();
    library.work(
        () -> TokenInspection.read(model.directory(), comparison(row), now.chat()),
        sides -> {
          if (mine == asked) {
            State then = state.get();
            state.set(new State(then.models(), then.model(), then.chat(), sides, ""));
          }
        },
        line -> {
          if (mine == asked) {
            State then = state.get();
            state.set(new State(then.models(), then.model(), then.chat(), List.of(), line));
          }
        });
  }

  /** A dialogue has the same response on both sides; a plain text becomes one of a first turn. */
  private static Comparison comparison(DataRow row) {
    String open = "\n\nAssistant:";
    String prompt = row.prompt();
    if (!prompt.endsWith(open)) {
      prompt =
          (prompt.startsWith("\n\nHuman:") || prompt.startsWith(open)
                  ? prompt
                  : "\n\nHuman: " + prompt.strip())
              + open;
    }
    String second = row.kind() == DataKind.COMPARISONS ? row.second() : row.first();
    return new Comparison(prompt, row.first(), second);
  }
}
