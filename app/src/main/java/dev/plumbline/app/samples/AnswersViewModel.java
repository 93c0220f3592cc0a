package dev.plumbline.app.samples;

import dev.plumbline.app.shell.Strings;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.answer.AnswerEvent;
import dev.plumbline.experiment.answer.AnswerRequest;
import dev.plumbline.experiment.answer.AnsweringModel;
import dev.plumbline.training.ResponseSample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/** Answers of the columns' models to a prompt that a person types, all from the same seed. */
public final class AnswersViewModel {
  /** What answers, in a process of its own. */
  public interface Answerer extends AutoCloseable {
    /** Has a request answered. */
    void ask(AnswerRequest request);

    /** Calls a request off. */
    void cancel(long id);

    @Override
    void close();
  }

  /**
   * How to draw.
   *
   * @param seed the same for every model
   * @param temperature logits are divided by it
   * @param maxNewTokens length limit
   */
  public record Draw(long seed, double temperature, int maxNewTokens) {}

  /** How far an answer is. */
  public enum Stage {
    /** Nothing was asked. */
    NONE,
    /** It waits for the process, for its model or for another's answer. */
    WAITING,
    /** It is being drawn. */
    GROWING,
    /** It is there. */
    DONE,
    /** It was called off; what was drawn stays. */
    CANCELLED,
    /** It could not be had. */
    FAILED
  }

  /**
   * An answer.
   *
   * @param stage how far it is
   * @param text what is there of it
   * @param reason why there is none, in one line; else empty
   * @param sample the whole answer with its numbers, once it is there
   */
  public record Answer(Stage stage, String text, String reason, Optional<ResponseSample> sample) {
    static final Answer NONE = new Answer(Stage.NONE, "", "", Optional.empty());

    boolean open() {
      return stage == Stage.WAITING || stage == Stage.GROWING;
    }
  }

  /**
   * All answers.
   *
   * @param prompt what was asked
   * @param columns who was asked
   * @param answers one a column
   */
  public record State(String prompt, List<SamplesState.Column> columns, List<Answer> answers) {
    /** Copies the lists. */
    public State {
      columns = List.copyOf(columns);
      answers = List.copyOf(answers);
    }

    /** Whether any answer is still to come. */
    public boolean running() {
      return answers.stream().anyMatch(Answer::open);
    }
  }

  private final Function<String, Optional<Path>> directories;
  private final Function<Consumer<AnswerEvent>, Answerer> maker;
  private final Executor background;
  private final Consumer<Runnable> foreground;
  private final ReadOnlyObjectWrapper<State> state =
      new ReadOnlyObjectWrapper<>(new State("", List.of(), List.of()));
  private @Nullable Answerer answerer;
  private long nextId = 1;

  /** The id of the first column's request; those of the others follow. */
  private long first;

  /**
   * @param directories the directory of a run
   * @param maker makes what answers, when it is first needed
   * @param background runs what waits for files and processes, one after another
   * @param foreground runs on the thread of this model
   */
  public AnswersViewModel(
      Function<String, Optional<Path>> directories,
      Function<Consumer<AnswerEvent>, Answerer> maker,
      Executor background,
      Consumer<Runnable> foreground) {
    this.directories = directories;
    this.maker = maker;
    this.background = background;
    this.foreground = foreground;
  }

  public ReadOnlyObjectProperty<State> state() {
    return state.getReadOnlyProperty();
  }

  /** Asks every column's model; what was asked before is called off. */
  public void ask(String prompt, Draw draw, List<SamplesState.Column> columns) {
    if (prompt.isBlank() || columns.isEmpty()) {
      return;
    }
    cancel();
    first = nextId;
    nextId += columns.size();
    List<Answer> waiting = new ArrayList<>();
    columns.forEach(column -> waiting.add(new Answer(Stage.WAITING, "", "", Optional.empty())));
    state.set(new State(prompt.strip(), columns, waiting));
    if (answerer == null) {
      answerer = maker.apply(event -> foreground.accept(() -> take(event)));
    }
    Answerer to = answerer;
    for (int i = 0; i < columns.size(); i++) {
      long id = first + i;
      SamplesState.Column column = columns.get(i);
      Optional<Path> directory = directories.apply(column.runId());
      background.execute(() -> ask(to, id, column, directory, prompt, draw));
    }
  }

  private void ask(
      Answerer to,
      long id,
      SamplesState.Column column,
      Optional<Path> directory,
      String prompt,
      Draw draw) {
    try {
      AnsweringModel model =
          AnsweringModel.of(
              directory.orElseThrow(() -> new UserError(Strings.text("samples.try.gone"))),
              column.step());
      to.ask(
          new AnswerRequest(
              id,
              model.directory().toString(),
              prompt.strip(),
              model.form(),
              draw.seed(),
              draw.temperature(),
              draw.maxNewTokens(),
              model.scorers()));
    } catch (UserError e) {
      String reason = String.valueOf(e.getMessage());
      foreground.accept(() -> take(new AnswerEvent.Failed(id, reason)));
    }
  }

  /** Calls off what is still to come. */
  public void cancel() {
    Answerer to = answerer;
    State now = state.get();
    for (int i = 0; i < now.answers().size(); i++) {
      if (now.answers().get(i).open() && to != null) {
        long id = first + i;
        background.execute(() -> to.cancel(id));
      }
    }
  }

  private void take(AnswerEvent event) {
    State now = state.get();
    int place = (int) (event.id() - first);
    if (event.id() < first || place >= now.answers().size()) {
      return; // of a prompt that was asked before
    }
    Answer before = now.answers().get(place);
    Answer after =
        switch (event) {
          case AnswerEvent.Begun _ -> before;
          case AnswerEvent.Grown grown ->
              new Answer(Stage.GROWING, grown.text(), "", Optional.empty());
          case AnswerEvent.Cancelled _ ->
              new Answer(Stage.CANCELLED, before.text(), "", Optional.empty());
          case AnswerEvent.Failed failed ->
              new Answer(Stage.FAILED, before.text(), failed.reason(), Optional.empty());
          case AnswerEvent.Done done ->
              new Answer(
                  Stage.DONE,
                  done.text(),
                  "",
                  Optional.of(sample(now.columns().get(place).step(), place, now.prompt(), done)));
        };
    List<Answer> answers = new ArrayList<>(now.answers());
    answers.set(place, after);
    state.set(new State(now.prompt(), now.columns(), answers));
  }

  private static ResponseSample sample(long step, int index, String prompt, AnswerEvent.Done done) {
    Map<String, Double> scores = new TreeMap<>(done.scores());
    Double pm = scores.remove("pm");
    return new ResponseSample(
        step,
        index,
        "\n\nHuman: " + prompt + "\n\nAssistant:",
        done.text(),
        pm == null ? Double.NaN : pm,
        done.logProbability(),
        Double.NaN,
        done.tokens(),
        done.ended(),
        scores,
        done.trace());
  }

  /** The answers that are there. */
  Excerpt excerpt() {
    State now = state.get();
    List<Excerpt.Response> responses = new ArrayList<>();
    for (int i = 0; i < now.answers().size(); i++) {
      String model = Excerpts.model(now.columns().get(i));
      now.answers()
          .get(i)
          .sample()
          .ifPresent(
              each ->
                  responses.add(
                      new Excerpt.Response(model, each.response(), Excerpts.facts(each))));
    }
    return new Excerpt(
        Strings.text("samples.try.title"),
        responses.isEmpty()
            ? List.of()
            : List.of(
                new Excerpt.Prompt(
                    List.of(new Excerpt.Said(Strings.text("samples.human"), now.prompt())),
                    responses)));
  }

  /** Ends the process; the next prompt starts another. */
  public void close() {
    Answerer to = answerer;
    answerer = null;
    if (to != null) {
      background.execute(to::close);
    }
  }
}
