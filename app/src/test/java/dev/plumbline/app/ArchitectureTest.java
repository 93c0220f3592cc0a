package dev.plumbline.app;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The lines that hold the house up, for every module at once; each says why it is there. */
@AnalyzeClasses(packages = "dev.plumbline", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule packages_form_no_cycle =
      SlicesRuleDefinition.slices()
          .matching("dev.plumbline.(*)..")
          .should()
          .beFreeOfCycles()
          .because("data flows one way: spec, worker, journal, workspace, view, figure");

  @ArchTest static final ArchRule dialogue_knows_nothing = mayUse("dialogue", new String[] {});

  @ArchTest static final ArchRule data_knows_dialogues = mayUse("data", "dialogue");

  @ArchTest static final ArchRule devices_are_found_without_the_library = mayUse("device", "data");

  @ArchTest static final ArchRule torch_knows_no_model = mayUse("torch", "device", "data");

  @ArchTest static final ArchRule tokenizer_stands_alone = mayUse("tokenizer", "data");

  @ArchTest static final ArchRule templates_reach_nothing = mayUse("jinja", "data");

  @ArchTest
  static final ArchRule models_know_tensors_and_tokens =
      mayUse("lm", "torch", "tokenizer", "data", "dialogue");

  @ArchTest
  static final ArchRule training_knows_no_run_directory_format =
      mayUse(
          "training",
          "lm",
          "torch",
          "device",
          "tokenizer",
          "jinja",
          "data",
          "dialogue",
          "analysis");

  @ArchTest
  static final ArchRule evaluation_knows_models_and_data =
      mayUse("evaluation", "lm", "torch", "tokenizer", "data", "dialogue", "analysis", "training");

  @ArchTest
  static final ArchRule experiments_know_no_workspace =
      mayUse(
          "experiment",
          "training",
          "evaluation",
          "lm",
          "torch",
          "device",
          "tokenizer",
          "jinja",
          "data",
          "dialogue",
          "analysis");

  @ArchTest
  static final ArchRule the_benchmark_measures_from_outside =
      mayUse(
          "bench",
          "experiment",
          "training",
          "lm",
          "torch",
          "device",
          "tokenizer",
          "data",
          "analysis");

  @ArchTest
  static final ArchRule the_diagnosis_starts_processes_as_workers_are_started =
      mayUse("diagnosis", "experiment", "training", "lm", "torch", "tokenizer", "device", "data");

  @ArchTest
  static final ArchRule the_workspace_reads_journals =
      mayUse("workspace", "experiment", "training", "labelling", "analysis", "data");

  @ArchTest
  static final ArchRule studies_are_judged_from_journals =
      mayUse("study", "experiment", "training", "evaluation", "lm", "analysis", "data", "dialogue");

  @ArchTest
  static final ArchRule labels_know_texts_and_statistics =
      mayUse("labelling", "analysis", "data", "dialogue");

  @ArchTest static final ArchRule figures_are_plain_data = mayUse("figure", "analysis", "data");

  @ArchTest
  static final ArchRule analysis_is_pure_statistics =
      classes()
          .that()
          .resideInAPackage("dev.plumbline.analysis..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "dev.plumbline.analysis..", "java..", "org.hipparchus..", "org.jspecify.."))
          .because("a number must be checkable without a model, a file or a screen");

  @ArchTest
  static final ArchRule only_torch_sees_djl =
      noClasses()
          .that(not(resideInAnyPackage("dev.plumbline.torch..", "dev.plumbline.tokenizer..")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..")
          .because("the engine must be replaceable, and its traps are known in one place");

  @ArchTest
  static final ArchRule tokenizers_are_all_that_the_tokenizer_takes_of_djl =
      noClasses()
          .that()
          .resideInAPackage("dev.plumbline.tokenizer..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("ai.djl..").and(not(resideInAPackage("ai.djl.huggingface.."))))
          .because("libtorch belongs to torch");

  @ArchTest
  static final ArchRule only_the_workspace_speaks_sql =
      noClasses()
          .that(not(resideInAPackage("dev.plumbline.workspace..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "org.sqlite..")
          .because("the schema is one package's business");

  @ArchTest
  static final ArchRule the_core_has_no_screen =
      noClasses()
          .that(not(resideInAPackage("dev.plumbline.app..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("javafx..", "org.controlsfx..", "eu.hansolo..", "atlantafx..")
          .because("everything runs headless, on a cluster node too");

  @ArchTest
  static final ArchRule the_workbench_never_loads_libtorch =
      noClasses()
          .that()
          .resideInAPackage("dev.plumbline.app..")
          .and(not(resideInAPackage("dev.plumbline.app.cli..")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.plumbline.torch..", "dev.plumbline.lm..")
          .because("a native crash costs one run and not the window");

  @ArchTest
  static final ArchRule view_models_have_no_nodes =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("ViewModel")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("javafx.scene..", "javafx.stage..")
          .because("a view-model is tested without a toolkit")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule one_bridge_to_the_javafx_thread =
      noClasses()
          .that(not(resideInAPackage("dev.plumbline.app..").and(named("FxBridge"))))
          .should()
          .callMethod("javafx.application.Platform", "runLater", "java.lang.Runnable")
          .because("the window freezes where work reaches its thread unseen");

  private static DescribedPredicate<JavaClass> named(String simpleName) {
    return DescribedPredicate.describe(
        "named " + simpleName,
        type ->
            type.getSimpleName().equals(simpleName)
                || type.getName().contains("." + simpleName + "$"));
  }

  /** A package of the core may use the named packages of the core, itself, and libraries. */
  private static ArchRule mayUse(String owner, String... others) {
    String[] allowed = new String[others.length + 1];
    allowed[0] = "dev.plumbline." + owner + "..";
    for (int i = 0; i < others.length; i++) {
      allowed[i + 1] = "dev.plumbline." + others[i] + "..";
    }
    return noClasses()
        .that()
        .resideInAPackage("dev.plumbline." + owner + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.plumbline..").and(not(resideInAnyPackage(allowed))))
        .because("ARCHITECTURE.md says which package may know which")
        .allowEmptyShould(true);
  }
}
