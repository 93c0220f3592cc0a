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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs that go one after the other, where later ones build on earlier ones by {@code run:NAME}: a
 * YAML or JSON list of spec files, or a group of {@code name} and {@code specs}. Its record is
 * {@code studies/<id>/study.json}; a process of its own goes through the runs.
 *
 * @param directory {@code studies/<id>}
 * @param name for people
 * @param created when it was made
 * @param state QUEUED, RUNNING, STOPPED, FAILED, FINISHED, or LOST where its process is gone
 * @param detail one line for people
 * @param runs ids of the run directories, in order
 */
public record Study(
    Path directory,
    String name,
    Instant created,
    RunState state,
    String detail,
    List<String> runs) {
  private static final Logger LOG = LoggerFactory.getLogger(Study.class);
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  public Study {
    runs = List.copyOf(runs);
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
    Plan plan = Plan.read(file);
    List<Path> made =
        Stream.of(runs.directory(), runs.workspace()).filter(p -> !Files.exists(p)).toList();
    List<RunDirectory> written = new ArrayList<>();
    try {
      Map<String, String> ids = new HashMap<>();
      for (ExperimentSpec spec : plan.specs()) {
        Set<String> members = new HashSet<>();
        StageSettings settings =
            SpecPaths.map(
                spec.settings(),
                (_, _, text) ->
                    text.startsWith(RunReference.PREFIX) ? toMember(text, ids, members) : text);
        ExperimentSpec own = spec.withSettings(settings);
        RunDirectory run =
            runs.write(members.isEmpty() ? runs.resolve(own) : checked(runs, own, members));
        written.add(run);
        ids.put(spec.name(), run.id());
      }
      Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      Path directory = place(runs.workspace().resolve("studies"), STAMP.format(now));
      Study study =
          new Study(
              directory,
              plan.name(),
              now,
              RunState.QUEUED,
              "",
              written.stream().map(RunDirectory::id).toList());
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

  /** The name that a study made from this file has. */
  public static String nameIn(Path file) {
    return Plan.read(file).name();
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

  /** A study file, read. */
  private record Plan(String name, List<ExperimentSpec> specs) {
    static Plan read(Path file) {
      SpecNode root = SpecParser.parse(file);
      String name = String.valueOf(file.getFileName()).replaceFirst("\\.[A-Za-z]+$", "");
      SpecNode list = root;
      if (root instanceof SpecNode.Fields fields) {
        for (Map.Entry<String, SpecNode.Field> entry : fields.fields().entrySet()) {
          if (!entry.getKey().equals("name") && !entry.getKey().equals("specs")) {
            throw new UserError(
                "%s:%d: unknown key '%s' in a study%s"
                    .formatted(
                        file,
                        entry.getValue().line(),
                        entry.getKey(),
                        SpecReader.suggestion(entry.getKey(), List.of("name", "specs"))));
          }
        }
        SpecNode.Field specs = fields.fields().get("specs");
        if (specs == null) {
          throw new UserError(file + ":1: key 'specs' is missing; add a list of spec files");
        }
        list = specs.value();
        SpecNode.Field named = fields.fields().get("name");
        if (named != null && named.value() instanceof SpecNode.Scalar scalar) {
          name = scalar.text();
        }
      }
      if (!(list instanceof SpecNode.Items items) || items.items().isEmpty()) {
        throw new UserError(
            "%s:%d: a list of spec files is needed, and here is %s"
                .formatted(
                    file,
                    list.line(),
                    list instanceof SpecNode.Items ? "an empty one" : list.describe()));
      }
      List<ExperimentSpec> specs = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (SpecNode item : items.items()) {
        if (!(item instanceof SpecNode.Scalar scalar)) {
          throw new UserError(
              "%s:%d: the path of a spec file is needed, and here is %s"
                  .formatted(file, item.line(), item.describe()));
        }
        ExperimentSpec spec =
            ExperimentSpec.read(file.toAbsolutePath().resolveSibling(scalar.text()).normalize());
        if (!names.add(spec.name())) {
          throw new UserError(
              "%s:%d: a second spec is named '%s'; rename one"
                  .formatted(file, item.line(), spec.name()));
        }
        specs.add(spec);
      }
      return new Plan(name, specs);
    }
  }

  // ------------------------------------------------------------------------------------ record

  /** Reads a study's record; LOST where its process is gone. */
  public static Study read(Path directory) {
    Path file = directory.resolve("study.json");
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      List<String> runs = new ArrayList<>();
      json.path("runs").forEach(run -> runs.add(run.asText()));
      RunState state = RunState.valueOf(json.path("state").asText().toUpperCase(Locale.ROOT));
      Instant since = Instant.parse(json.path("since").asText());
      return new Study(
          directory.toAbsolutePath().normalize(),
          json.path("name").asText(),
          Instant.parse(json.path("created").asText()),
          new RunDirectory(directory).observed(state, since),
          json.path("detail").asText(),
          runs);
    } catch (IOException | DateTimeException | IllegalArgumentException e) {
      throw new UserError(
          "cannot read the study %s: %s; check the path".formatted(file, e.getMessage()), e);
    }
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
  public Study with(RunState newState, String newDetail) {
    return new Study(directory, name, created, newState, newDetail, runs);
  }

  /** Writes the record, at once. */
  public void save() throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("name", name);
    json.put("created", created.toString());
    json.put("state", state.name().toLowerCase(Locale.ROOT));
    json.put("since", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    json.put("detail", detail);
    ArrayNode list = json.putArray("runs");
    runs.forEach(list::add);
    AtomicFiles.write(directory.resolve("study.json"), MAPPER.writeValueAsString(json) + "\n");
  }

  /** The run directories of the members, in order. */
  public List<RunDirectory> members() {
    Path workspace = directory.resolveSibling("..").normalize();
    return runs.stream()
        .map(id -> new RunDirectory(workspace.resolve("runs").resolve(id)))
        .toList();
  }

  // ----------------------------------------------------------------------------------- control

  /**
   * Starts the study's process, or resumes it: finished members are passed over, interrupted ones
   * go on from their last checkpoint.
   */
  public ProcessHandle start(Runs runs) {
    return runs.launch(
        directory,
        List.of("--study", directory.toString()),
        () -> {
          RunState now = read(directory).state();
          if (now == RunState.FINISHED || now.isActive()) {
            throw new UserError(
                "study %s is %s already".formatted(id(), now.name().toLowerCase(Locale.ROOT)));
          }
        });
  }

  /** Asks the study's process to stop the member that runs, with a checkpoint, and to end. */
  public void cancel() {
    try {
      new ControlFile(directory.resolve("control.jsonl")).send(new Command.Stop());
    } catch (IOException e) {
      throw new UserError("cannot write to " + directory + ": " + e.getMessage(), e);
    }
  }
}
