package dev.plumbline.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.journal.ControlFile;
import dev.plumbline.training.Command;
import dev.plumbline.training.RunState;
import dev.plumbline.training.StageSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs that belong together: one after the other, or over a grid, where later ones build on earlier
 * ones by {@code run:NAME}; see {@link StudyPlan}. Its record is {@code studies/<id>/study.json}
 * and {@code studies/<id>/journal.jsonl}; a process of its own goes through the runs.
 *
 * @param directory {@code studies/<id>}
 * @param about name, title and the rest that is for people
 * @param created when it was made
 * @param plan the hash of what its runs are to do, as {@link StudyPlan#hash}; empty where it was
 *     made before there were hashes
 * @param state QUEUED, RUNNING, STOPPED, FAILED, FINISHED, or LOST where its process is gone
 * @param detail one line for people
 * @param progress how far it is
 * @param plannedRuns its runs; each stands behind those that it builds on
 */
public record Study(
    Path directory,
    StudyPlan.About about,
    Instant created,
    String plan,
    RunState state,
    String detail,
    Progress progress,
    List<StudyMember> plannedRuns) {
  private static final Logger LOG = LoggerFactory.getLogger(Study.class);
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  /**
   * How far a study is.
   *
   * @param done runs that are finished
   * @param secondsLeft estimate for the rest, NaN while unknown
   */
  public record Progress(int done, double secondsLeft) {
    /** Of a study that has not begun. */
    public static final Progress NONE = new Progress(0, Double.NaN);
  }

  public Study {
    plannedRuns = List.copyOf(plannedRuns);
  }

  /** Its name for people. */
  public String name() {
    return about.name();
  }

  /** Ids of the run directories; each stands behind those that it builds on. */
  public List<String> runs() {
    return plannedRuns.stream().map(StudyMember::run).toList();
  }

  /** The study's id: its directory's name. */
  public String id() {
    return String.valueOf(directory.getFileName());
  }

  /**
   * Makes a study: reads every spec, checks every reference, and writes the run directories of all
   * members, which wait. Where anything is wrong nothing is written.
   */
  public static Study create(Runs runs, Path file) {
    return create(runs, StudyPlan.read(file, Map.of()));
  }

  /** The same of a study file that was read. */
  public static Study create(Runs runs, StudyPlan plan) {
    return create(runs, plan, false);
  }

  /**
   * The same.
   *
   * @param reuse whether a finished run of the workspace stands for a member that would only repeat
   *     it: equal settings and seed, equal contents of all inputs, the same version of the program
   */
  public static Study create(Runs runs, StudyPlan plan, boolean reuse) {
    FinishedRuns finished = reuse ? FinishedRuns.of(runs) : FinishedRuns.NONE;
    Set<String> reused = new HashSet<>();
    List<Path> made =
        Stream.of(runs.directory(), runs.workspace()).filter(p -> !Files.exists(p)).toList();
    List<RunDirectory> written = new ArrayList<>();
    try {
      Map<String, String> ids = new HashMap<>();
      List<StudyMember> planned = new ArrayList<>();
      for (StudyPlan.Member member : plan.members()) {
        ExperimentSpec spec = member.spec();
        Set<String> members = new HashSet<>();
        StageSettings settings =
            SpecPaths.map(
                spec.settings(),
                (_, _, text) ->
                    text.startsWith(RunReference.PREFIX) ? toMember(text, ids, members) : text);
        members.removeAll(reused); // they are finished, and need not be waited for
        ExperimentSpec own = spec.withSettings(settings);
        RunSpec pending = members.isEmpty() ? runs.resolve(own) : checked(runs, own, members);
        Optional<RunDirectory> done = finished.like(pending);
        RunDirectory run = done.isPresent() ? done.get() : runs.write(pending);
        if (done.isPresent()) {
          reused.add(run.id());
        } else {
          written.add(run);
        }
        ids.put(spec.name(), run.id());
        planned.add(
            new StudyMember(
                run.id(),
                spec.name(),
                member.role(),
                member.levels(),
                member.after().stream().map(name -> id(ids, name)).toList()));
      }
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      Path directory = place(runs.workspace().resolve("studies"), STAMP.format(now));
      Study study =
          new Study(
              directory,
              plan.about(),
              now,
              plan.hash(),
              RunState.QUEUED,
              "",
              Progress.NONE,
              planned);
      study.save();
      return study;
    } catch (UserError | IOException e) {
      written.forEach(run -> Runs.discard(run.path()));
      for (Path empty : made) {
        try {
          Files.deleteIfExists(empty);
        } catch (IOException full) {
          LOG.debug("{} stays: {}", empty, full.getMessage()); // somebody else's files are in it
        }
      }
      throw e instanceof UserError user
          ? user
          : new UserError(
              "cannot write a study below %s: %s; check its rights and free space"
                  .formatted(runs.workspace(), e.getMessage()),
              e);
    }
  }

  private static String id(Map<String, String> ids, String name) {
    String id = ids.get(name);
    if (id == null) {
      throw new IllegalStateException("a run before it is not there: " + name);
    }
    return id;
  }

  /** A reference to an earlier member becomes one to its run directory. */
  private static String toMember(String text, Map<String, String> ids, Set<String> members) {
    RunReference reference = RunReference.parse(text).orElseThrow();
    String id = ids.get(reference.name());
    if (id == null) {
      return text;
    }
    members.add(id);
    return new RunReference(id, reference.step()).toString();
  }

  /** A member that waits for earlier ones; all else that it names must be there now. */
  private static RunSpec checked(Runs runs, ExperimentSpec spec, Set<String> members) {
    SpecPaths.map(
        spec.settings(),
        (key, meaning, text) -> {
          boolean waits =
              RunReference.parse(text)
                  .map(RunReference::name)
                  .filter(members::contains)
                  .isPresent();
          if (!waits) {
            new SpecResolver(runs.workspace()).input(key, meaning, text);
          }
          return text;
        });
    return Runs.pending(spec);
  }

  private static Path place(Path studies, String stamp) throws IOException {
    Files.createDirectories(studies);
    for (int i = 1; ; i++) {
      Path place = studies.resolve(i == 1 ? stamp : stamp + "-" + i);
      if (!Files.exists(place)) {
        return Files.createDirectory(place);
      }
    }
  }

  // ------------------------------------------------------------------------------------ record

  /** Reads a study's record; LOST where its process is gone. */
  public static Study read(Path directory) {
    Path file = directory.resolve("study.json");
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      RunState state = RunState.valueOf(json.path("state").asText().toUpperCase(Locale.ROOT));
      Instant since = Instant.parse(json.path("since").asText());
      return new Study(
          directory.toAbsolutePath().normalize(),
          new StudyPlan.About(
              json.path("name").asText(),
              json.path("title").asText(""),
              json.path("figures").asText(""),
              json.path("minutes").asDouble(Double.NaN),
              json.path("analysis").asText("")),
          Instant.parse(json.path("created").asText()),
          json.path("plan_hash").asText(""),
          new RunDirectory(directory).observed(state, since),
          json.path("detail").asText(),
          new Progress(json.path("done").asInt(), json.path("seconds_left").asDouble(Double.NaN)),
          plannedRuns(json));
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw new UserError(
          "cannot read the study %s: %s; check the path".formatted(file, e.getMessage()), e);
    }
  }

  private static List<StudyMember> plannedRuns(JsonNode json) {
    List<StudyMember> members = new ArrayList<>();
    if (!json.has("members")) { // one from before there were grids: each waits for the one before
      for (JsonNode run : json.path("runs")) {
        List<String> after = members.isEmpty() ? List.of() : List.of(members.getLast().run());
        members.add(new StudyMember(run.asText(), run.asText(), run.asText(), Map.of(), after));
      }
      return members;
    }
    for (JsonNode member : json.path("members")) {
      Map<String, String> levels = new LinkedHashMap<>();
      member
          .path("levels")
          .properties()
          .forEach(level -> levels.put(level.getKey(), level.getValue().asText()));
      List<String> after = new ArrayList<>();
      member.path("after").forEach(run -> after.add(run.asText()));
      members.add(
          new StudyMember(
              member.path("run").asText(),
              member.path("name").asText(),
              member.path("role").asText(),
              levels,
              after));
    }
    return members;
  }

  /**
   * A study of a workspace by its id, or the newest of a name.
   *
   * @throws UserError where there is none; names those that there are
   */
  public static Study get(Path workspace, String nameOrId) {
    List<Study> all = list(workspace).reversed();
    return all.stream()
        .filter(study -> study.id().equals(nameOrId))
        .findFirst()
        .or(() -> all.stream().filter(study -> study.name().equals(nameOrId)).findFirst())
        .orElseThrow(
            () ->
                new UserError(
                    "no study '%s' in %s; %s"
                        .formatted(
                            nameOrId,
                            workspace,
                            all.isEmpty()
                                ? "there are none yet"
                                : "the newest are "
                                    + all.stream()
                                        .limit(5)
                                        .map(study -> study.id() + " (" + study.name() + ")")
                                        .collect(Collectors.joining(", ")))));
  }

  /** The newest study of a plan's name; it may be of other runs, see {@link #isOf}. */
  public static Optional<Study> newest(Path workspace, StudyPlan plan) {
    return list(workspace).reversed().stream()
        .filter(study -> study.name().equals(plan.about().name()))
        .findFirst();
  }

  /** Whether its runs are to do what a plan says; unknown of one from before there were hashes. */
  public boolean isOf(StudyPlan other) {
    return plan.isEmpty() || plan.equals(other.hash());
  }

  /**
   * Whether it goes on where the same is asked for again: it was interrupted, or lacks nothing but
   * its results. One whose runs failed is made anew: its specs were copied when it was made, and
   * the mend is in the files.
   */
  public boolean isInterrupted() {
    return state.isResumable()
        && (state != RunState.FAILED || progress.done() == plannedRuns.size());
  }

  /** The studies of a workspace, the newest last; unreadable ones are left out. */
  public static List<Study> list(Path workspace) {
    Path studies = workspace.resolve("studies");
    if (!Files.isDirectory(studies)) {
      return List.of();
    }
    List<Study> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(studies)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.isRegularFile(entry.resolve("study.json"))) {
          try {
            found.add(read(entry));
          } catch (UserError e) {
            LOG.warn("passed over: {}", e.getMessage());
          }
        }
      }
    } catch (IOException e) {
      throw new UserError("cannot read " + studies + ": " + e.getMessage(), e);
    }
    return List.copyOf(found);
  }

  /** The same study in another state. */
  public Study with(RunState newState, String newDetail, Progress newProgress) {
    return new Study(
        directory, about, created, plan, newState, newDetail, newProgress, plannedRuns);
  }

  /** Writes the record, at once. */
  public void save() throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("name", about.name());
    json.put("title", about.title());
    json.put("figures", about.figures());
    if (Double.isFinite(about.minutes())) {
      json.put("minutes", about.minutes());
    }
    json.put("analysis", about.analysis());
    json.put("created", created.toString());
    json.put("plan_hash", plan);
    json.put("state", state.name().toLowerCase(Locale.ROOT));
    json.put("since", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    json.put("detail", detail);
    json.put("done", progress.done());
    if (Double.isFinite(progress.secondsLeft())) {
      json.put("seconds_left", progress.secondsLeft());
    }
    ArrayNode members = json.putArray("members");
    for (StudyMember member : plannedRuns) {
      ObjectNode one = members.addObject();
      one.put("run", member.run()).put("name", member.name()).put("role", member.role());
      member.levels().forEach(one.putObject("levels")::put);
      member.after().forEach(one.putArray("after")::add);
    }
    AtomicFiles.write(directory.resolve("study.json"), MAPPER.writeValueAsString(json) + "\n");
  }

  /** The events of the study itself: how far it is, and what came out. */
  public Path journalFile() {
    return directory.resolve("journal.jsonl");
  }

  /** Held by the process that goes through the runs or computes the results. */
  public Path lockFile() {
    return directory.resolve("worker.lock");
  }

  /** Whether its runs go one after the other. */
  public boolean isSequence() {
    for (int i = 1; i < plannedRuns.size(); i++) {
      if (!plannedRuns.get(i).after().contains(plannedRuns.get(i - 1).run())) {
        return false;
      }
    }
    return true;
  }

  /** The run directories of the members, in order. */
  public List<RunDirectory> members() {
    return plannedRuns.stream().map(this::run).toList();
  }

  /** The run directory of a member. */
  public RunDirectory run(StudyMember member) {
    Path workspace = directory.resolveSibling("..").normalize();
    return new RunDirectory(workspace.resolve("runs").resolve(member.run()));
  }

  // ----------------------------------------------------------------------------------- control

  /**
   * Starts the study's process, or resumes it: finished members are passed over, interrupted ones
   * go on from their last checkpoint.
   */
  public ProcessHandle start(Runs runs) {
    return start(runs, 0);
  }

  /**
   * The same with so many runs at a time.
   *
   * @param workers 0 for as many as the machine carries
   */
  public ProcessHandle start(Runs runs, int workers) {
    return runs.launch(
        directory,
        List.of("--study", directory.toString(), Integer.toString(workers)),
        () -> {
          RunState now = read(directory).state();
          if (now == RunState.FINISHED || now.isActive()) {
            throw new UserError(
                "study %s is %s already".formatted(id(), now.name().toLowerCase(Locale.ROOT)));
          }
        });
  }

  /** Asks the study's process to stop the runs at work, with checkpoints, and to end. */
  public void cancel() {
    try {
      new ControlFile(directory.resolve("control.jsonl")).send(new Command.Stop());
    } catch (IOException e) {
      throw new UserError("cannot write to " + directory + ": " + e.getMessage(), e);
    }
  }
}
