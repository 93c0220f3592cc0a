package dev.plumbline.app.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/** What the frame shows: where we are, what runs, and where it is kept. */
public final class ShellViewModel {
  /** Stalls that are remembered. */
  private static final int STALLS = 50;

  private final ReadOnlyObjectWrapper<Page> page = new ReadOnlyObjectWrapper<>(Page.HOME);
  private final ReadOnlyIntegerWrapper alerts = new ReadOnlyIntegerWrapper();
  private final ReadOnlyObjectWrapper<List<Job>> jobs = new ReadOnlyObjectWrapper<>(List.of());
  private List<Job> runs = List.of();
  private List<Job> tasks = List.of();
  private final ReadOnlyStringWrapper workspace = new ReadOnlyStringWrapper("");
  private final ReadOnlyObjectWrapper<Path> folder = new ReadOnlyObjectWrapper<>(Path.of(""));
  private final ReadOnlyObjectWrapper<Optional<Banner>> banner =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<List<Stall>> stalls = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyStringWrapper saved = new ReadOnlyStringWrapper("");

  public ReadOnlyObjectProperty<Page> page() {
    return page.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<List<Job>> jobs() {
    return jobs.getReadOnlyProperty();
  }

  /** The workspace's name. */
  public ReadOnlyStringProperty workspace() {
    return workspace.getReadOnlyProperty();
  }

  /** The workspace's directory. */
  public ReadOnlyObjectProperty<Path> folder() {
    return folder.getReadOnlyProperty();
  }

  /** What must be said as long as it is so. */
  public ReadOnlyObjectProperty<Optional<Banner>> banner() {
    return banner.getReadOnlyProperty();
  }

  /** Whether everything that happened is in the workspace. */
  public ReadOnlyStringProperty saved() {
    return saved.getReadOnlyProperty();
  }

  /** The last stalls of the window, the newest first. */
  public ReadOnlyObjectProperty<List<Stall>> stalls() {
    return stalls.getReadOnlyProperty();
  }

  /** Notes a stall; the oldest of many is dropped. */
  public void addStall(Stall stall) {
    List<Stall> next = new ArrayList<>(List.of(stall));
    next.addAll(stalls.get().subList(0, Math.min(stalls.get().size(), STALLS - 1)));
    stalls.set(List.copyOf(next));
  }

  public void setPage(Page value) {
    page.set(value);
  }

  /** Sets the runs and studies that go on. */
  public void setJobs(List<Job> value) {
    runs = List.copyOf(value);
    publish();
  }

  /** Sets the work of the workbench itself that goes on. */
  public void setTasks(List<Job> value) {
    tasks = List.copyOf(value);
    publish();
  }

  private void publish() {
    List<Job> all = new ArrayList<>(runs);
    all.addAll(tasks);
    jobs.set(List.copyOf(all));
  }

  /** How many alerts nobody has seen. */
  public ReadOnlyIntegerProperty alerts() {
    return alerts.getReadOnlyProperty();
  }

  public void setAlerts(int unseen) {
    alerts.set(unseen);
  }

  public void setWorkspace(Path value) {
    folder.set(value);
    workspace.set(String.valueOf(value.getFileName()));
  }

  public void setBanner(Optional<Banner> value) {
    banner.set(value);
  }

  public void setSaved(String value) {
    saved.set(value);
  }
}
