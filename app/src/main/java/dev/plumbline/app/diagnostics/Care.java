package dev.plumbline.app.diagnostics;

import dev.plumbline.device.CudaPlatform;
import dev.plumbline.device.CudaRuntime;
import dev.plumbline.device.CudaRuntimeInstaller;
import dev.plumbline.diagnosis.DiagnosisReport;
import dev.plumbline.diagnosis.Doctor;
import java.nio.file.Path;

/** What the page lets be done to this machine; an interface, since tests have their own machine. */
public interface Care {
  /** Looks at the machine, and with {@code test} asks its devices for known answers. */
  DiagnosisReport examine(boolean test, Doctor.Progress progress);

  /** Whether there is a CUDA runtime for this system that is not there yet. */
  boolean canInstall();

  /** Asks the server what an installation would fetch. */
  CudaRuntimeInstaller.Plan plan(CudaRuntimeInstaller.Watcher watcher);

  /** Installs what was planned and agreed to. */
  void install(CudaRuntimeInstaller.Plan plan, CudaRuntimeInstaller.Watcher watcher);

  /** Uses a folder that has the runtime. */
  void use(Path folder);

  /** This machine. */
  static Care of(Doctor doctor) {
    return new Care() {
      @Override
      public DiagnosisReport examine(boolean test, Doctor.Progress progress) {
        return doctor.examine(test, progress);
      }

      @Override
      public boolean canInstall() {
        return CudaPlatform.current().isPresent() && CudaRuntime.find().isEmpty();
      }

      @Override
      public CudaRuntimeInstaller.Plan plan(CudaRuntimeInstaller.Watcher watcher) {
        return CudaRuntimeInstaller.standard().plan(watcher);
      }

      @Override
      public void install(CudaRuntimeInstaller.Plan plan, CudaRuntimeInstaller.Watcher watcher) {
        CudaRuntimeInstaller.standard().install(plan, watcher);
      }

      @Override
      public void use(Path folder) {
        CudaRuntimeInstaller.standard().use(folder);
      }
    };
  }
}
