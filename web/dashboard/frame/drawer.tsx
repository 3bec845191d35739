import { Dialog } from "@base-ui/react/dialog";
import { t } from "@ui/words";
import { Rail, type RailProps } from "./rail";

/** The rail on a narrow screen. */
export default function Drawer({
  onClose,
  ...rail
}: Omit<RailProps, "narrow"> & { readonly onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={open => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Popup
          aria-label={t("Menu")}
          className="fixed inset-y-0 start-0 z-40 shadow-dialog outline-none"
        >
          <Rail {...rail} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
