package dev.plumbline.app.shell;

import dev.plumbline.app.feed.Access;
import dev.plumbline.app.feed.RunControl;
import dev.plumbline.app.feed.WorkspaceFeed;
import dev.plumbline.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workspace that the window shows, and changing it while the window stays. A new one is opened
 * beside the old one, which goes only when the new one is there: where that fails, one line says
 * why and nothing has changed. Workers are processes of their own and notice nothing.
 *
 * <p>Used on the JavaFX thread; files are opened and closed off it. A workspace is opened only
 * after those that were left before have ended, each of which is waited for two seconds: one that
 * is left and opened again is as a rule not held by its own past. Where it still is, because a long
 * look goes on, it is read and taken over when that look ends. One directory has one place here, by
 * whatever links it was reached.
 */
public final class Workspaces implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workspaces.class);
  private static final String RECENT = "workspace.recent.";

  /** Joins the window to a workspace. */
  public interface Backend {
    /** Begins to open a workspace; its feed says how that went. */
    Connection connect(Path directory);
  }

  /**
   * A workspace that is open, or being opened.
   *
   * @param feed brings it to the views
   * @param control does what people ask for in it
   * @param end ends both; waits for what goes on, so not on the JavaFX thread
   */
  public record Connection(WorkspaceFeed feed, RunControl control, Runnable end) {}

  private final Workbench.Frame frame;
  private final Backend backend;
  private final ExecutorService background = FxBridge.pool("workspaces", 1);
  private @Nullable Connection current;
  private @Nullable Connection pending;
  private @Nullable Pages pages;

  public Workspaces(Workbench.Frame frame, Backend backend) {
    this.frame = frame;
    this.backend = backend;
    frame
        .actions()
        .add(
            Action.of(
                "workspace.open",
                Strings.text("action.workspace.open"),
                Feather.FOLDER,
                "Ctrl+O",
                this::askAndOpen));
    frame
        .actions()
        .add(
            Action.of(
                "workspace.new",
                Strings.text("action.workspace.new"),
                Feather.FOLDER_PLUS,
                "Ctrl+Shift+N",
                this::askAndCreate));
  }

  /** The first workspace: its pages are there at once, and fill as soon as it is open. */
  public void start(Path directory) {
    Connection first = backend.connect(real(directory));
    show(first);
    first
        .feed()
        .access()
        .subscribe(
            access -> {
              if (access.kind() != Access.Kind.OPENING && access.kind() != Access.Kind.FAILED) {
                remember(first.feed().directory());
              }
            });
    offerRecent();
  }

  /** What is shown now. */
  public Connection current() {
    if (current == null) {
      throw new IllegalStateException("no workspace was started");
    }
    return current;
  }

  /** Shows another workspace that is there. */
  public void open(Path directory) {
    background.execute(
        () -> {
          Path named = directory.toAbsolutePath().normalize();
          if (!Workspace.isWorkspace(named)) {
            FxBridge.run(() -> refuse(named, Strings.text("workspace.none", named)));
            return;
          }
          Path place = real(directory);
          FxBridge.run(
              () -> {
                if (!place.equals(named)) {
                  frame.preferences().change(p -> p.withoutRecent(named.toString()));
                }
                begin(place);
              });
        });
  }

  /** Makes a workspace and shows it. */
  public void create(Path directory) {
    background.execute(
        () -> {
          Path place = real(directory);
          if (!Workspace.isWorkspace(place) && isOccupied(place)) {
            FxBridge.run(() -> refuse(place, Strings.text("workspace.occupied", place)));
          } else {
            FxBridge.run(() -> begin(place));
          }
        });
  }

  /**
   * A directory's one path, without links as far as it is there: under two of them a workspace
   * would be opened twice.
   */
  private static Path real(Path directory) {
    try {
      return directory.toRealPath();
    } catch (IOException e) {
      Path place = directory.toAbsolutePath().normalize();
      Path parent = place.getParent();
      Path name = place.getFileName();
      return parent == null || name == null ? place : real(parent).resolve(name);
    }
  }

  private static boolean isOccupied(Path place) {
    if (!Files.exists(place)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(place)) {
      return entries.findAny().isPresent();
    } catch (IOException e) {
      return true; // a file, or a directory that may not be read
    }
  }

  private void begin(Path place) {
    if (current != null && current.feed().directory().equals(place)) {
      frame.shell().notices().show(Notices.Kind.INFO, Strings.text("workspace.same", place));
      return;
    }
    if (pending != null && pending.feed().directory().equals(place)) {
      return; // chosen twice before it was there
    }
    if (pending != null) {
      background.execute(pending.end()); // asked for before this one, and no longer wanted
    }
    Connection next = backend.connect(place);
    pending = next;
    next.feed().access().subscribe(access -> arrived(next, access));
  }

  private void arrived(Connection next, Access access) {
    if (!next.equals(pending) || access.kind() == Access.Kind.OPENING) {
      return;
    }
    pending = null;
    if (access.kind() == Access.Kind.FAILED) {
      refuse(next.feed().directory(), access.meaning());
      background.execute(next.end());
      return;
    }
    Connection old = current;
    show(next);
    if (old != null) {
      background.execute(old.end());
    }
    remember(next.feed().directory());
  }

  private void show(Connection next) {
    if (pages != null) {
      pages.close();
    }
    current = next;
    pages = Pages.fill(frame, next.feed(), next.control());
    LOG.info("Workspace {}", next.feed().directory());
  }

  private void refuse(Path place, String line) {
    frame.preferences().change(p -> p.withoutRecent(place.toString()));
    offerRecent();
    frame.shell().notices().show(Notices.Kind.PROBLEM, line);
  }

  private void remember(Path place) {
    frame.preferences().change(p -> p.withWorkspace(place.toString()));
    offerRecent();
  }

  /** An action for each workspace that was open before. */
  private void offerRecent() {
    Actions actions = frame.actions();
    List<String> known =
        actions.all().stream().map(Action::id).filter(id -> id.startsWith(RECENT)).toList();
    known.forEach(actions::remove);
    int number = 0;
    for (String each : frame.preferences().get().recentOrNone()) {
      Path place = Path.of(each);
      if (current != null && place.equals(current.feed().directory())) {
        continue;
      }
      actions.add(
          Action.of(
              RECENT + number++,
              Strings.text("action.workspace.recent", place.getFileName(), place),
              Feather.CLOCK,
              null,
              () -> open(place)));
    }
  }

  private void askAndOpen() {
    frame
        .dialogs()
        .askDirectory(Strings.text("workspace.open.title"), beside())
        .ifPresent(this::open);
  }

  private void askAndCreate() {
    frame
        .dialogs()
        .askNewDirectory(
            Strings.text("workspace.new.title"), beside(), Strings.text("workspace.new.name"))
        .ifPresent(this::create);
  }

  private Path beside() {
    Path directory = current().feed().directory();
    Path parent = directory.getParent();
    return parent == null ? directory : parent;
  }

  /** Ends everything and waits for it, a few seconds at most; for the end of the program. */
  @Override
  public void close() {
    Pages shown = pages;
    if (shown != null) {
      background.execute(shown::end);
    }
    for (Connection each : new Connection[] {pending, current}) {
      if (each != null) {
        background.execute(each.end());
      }
    }
    background.shutdown();
    try {
      if (!background.awaitTermination(5, TimeUnit.SECONDS)) {
        background.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
