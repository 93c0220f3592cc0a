package dev.plumbline.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.testing.Fx;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.input.Clipboard;
import javafx.scene.input.DataFormat;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copied figure: what other programs find on the clipboard. */
final class FigureClipboardTest {
  @TempDir private Path folder;

  @BeforeAll
  static void toolkit() {
    Fx.start();
  }

  @Test
  void aCopiedFigureIsAPictureADrawingAndAFile() throws Exception {
    Path png = folder.resolve("f.png");
    Path pdf = folder.resolve("f.pdf");
    ImageIO.write(new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB), "png", png.toFile());
    byte[] bytes = "%PDF-1.7".getBytes(StandardCharsets.US_ASCII);
    Files.write(pdf, bytes);
    Fx.run(() -> new FxDialogs(new Stage(), folder, () -> 1).copyFigure(png, "<svg/>", pdf, bytes));
    Fx.run(
        () -> {
          Clipboard clipboard = Clipboard.getSystemClipboard();
          assertThat(clipboard.getImage().getWidth()).isEqualTo(30);
          assertThat(clipboard.getString()).isEqualTo("<svg/>");
          assertThat(clipboard.getContent(DataFormat.lookupMimeType("image/svg+xml")))
              .isEqualTo("<svg/>");
          assertThat(clipboard.getContent(DataFormat.lookupMimeType("application/pdf")))
              .isEqualTo(ByteBuffer.wrap(bytes));
          assertThat(clipboard.getFiles()).contains(pdf.toFile());
        });
  }
}
