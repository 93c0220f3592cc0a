package dev.plumbline.app.cli;

import dev.plumbline.data.UserError;
import dev.plumbline.labelling.LabelBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A batch of labels of a workspace that is there already. */
final class BatchArgument {
  @Mixin WorkspaceOption workspace = new WorkspaceOption();

  @Parameters(paramLabel = "BATCH", description = "A batch's id, as `labels list` shows it")
  String name = "";

  /**
   * Finds it.
   *
   * @throws UserError where there is no such workspace, or no such batch in it
   */
  LabelBatch found() {
    workspace.require();
    return find(workspace.directory.resolve("labels"), name);
  }

  static LabelBatch find(Path labels, String name) {
    List<Path> all = LabelBatch.list(labels);
    return all.stream()
        .filter(each -> String.valueOf(each.getFileName()).equals(name))
        .findFirst()
        .map(LabelBatch::read)
        .orElseThrow(
            () ->
                new UserError(
                    "no batch '%s' in %s; %s"
                        .formatted(
                            name,
                            labels,
                            all.isEmpty()
                                ? "there is none yet, `labels new` makes one"
                                : "there are "
                                    + all.stream()
                                        .map(each -> String.valueOf(each.getFileName()))
                                        .collect(Collectors.joining(", ")))));
  }

  /** Refuses to replace a file. */
  static Path fresh(Path file) {
    if (Files.exists(file)) {
      throw new UserError(file + " is there already; give another name or remove it");
    }
    return file;
  }
}
