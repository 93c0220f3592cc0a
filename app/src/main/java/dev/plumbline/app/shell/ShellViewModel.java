package dev.plumbline.app.shell;

import java.util.List;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/** What the frame shows: where we are, what runs, and where it is kept. */
public final class ShellViewModel {
  private final ReadOnlyObjectWrapper<Page> page = new ReadOnlyObjectWrapper<>(Page.HOME);
  private final ReadOnlyObjectWrapper<List<Job>> jobs = new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyStringWrapper workspace = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper device = new ReadOnlyStringWrapper("");
  private final ReadOnlyStringWrapper saved = new ReadOnlyStringWrapper("");

  public ReadOnlyObjectProperty<Page> page() {
    return page.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<List<Job>> jobs() {
    return jobs.getReadOnlyProperty();
  }

  public ReadOnlyStringProperty workspace() {
    return workspace.getReadOnlyProperty();
  }

  public ReadOnlyStringProperty device() {
    return device.getReadOnlyProperty();
  }

  /** Whether everything that happened is in the workspace. */
  public ReadOnlyStringProperty saved() {
    return saved.getReadOnlyProperty();
  }

  public void setPage(Page value) {
    page.set(value);
  }

  public void setJobs(List<Job> value) {
    jobs.set(List.copyOf(value));
  }

  public void setWorkspace(String value) {
    workspace.set(value);
  }

  public void setDevice(String value) {
    device.set(value);
  }

  public void setSaved(String value) {
    saved.set(value);
  }
}
