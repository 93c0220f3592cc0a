package dev.plumbline.app.study;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.experiment.StudyPlan;
import java.util.List;
import java.util.function.Consumer;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.layout.Region;
import org.kordamp.ikonli.feather.Feather;

/** The menu of the ready studies with how long each takes, wherever one is chosen. */
final class ReadyStudiesMenu {
  private ReadyStudiesMenu() {}

  /**
   * Makes one.
   *
   * @param id of the menu, and with the study's name of each item
   * @param choose takes the name of the study that is chosen
   */
  static MenuButton of(
      String text, Feather icon, List<StudyPlan.About> ready, String id, Consumer<String> choose) {
    MenuButton menu = new MenuButton(text, Ui.icon(icon));
    menu.setId(id);
    menu.setMinWidth(Region.USE_PREF_SIZE);
    for (StudyPlan.About about : ready) {
      String minutes =
          Double.isNaN(about.minutes())
              ? ""
              : Strings.text("studies.minutes", Numbers.fixed(about.minutes(), 0));
      MenuItem item = new MenuItem(about.title() + minutes);
      item.setMnemonicParsing(false);
      item.setId(id + "-" + about.name());
      item.setOnAction(event -> choose.accept(about.name()));
      menu.getItems().add(item);
    }
    return menu;
  }
}
