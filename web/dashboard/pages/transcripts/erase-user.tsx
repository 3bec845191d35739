import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, IconButton } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Menu, MenuItem } from "@ui/menu";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { Ellipsis, UserX } from "lucide-react";
import { useState } from "react";
import { eraseUser } from "./data";
import { route } from "./route";

/** Forgets all that is known of a user, at once: it asks first. */
export function EraseUser({ projectId, userId }: { readonly projectId: string; readonly userId: string }) {
  const queryClient = useQueryClient();
  const navigate = route.useNavigate();
  const [asking, setAsking] = useState(false);
  const erase = useMutation({
    mutationFn: () => eraseUser(projectId, userId),
    onSuccess: async () => {
      toast(t("%{userId} erased", { userId }));
      await navigate({
        params: { projectId, transcriptId: undefined },
        search: before => ({ ...before, turn: undefined }),
      });
      queryClient.removeQueries({ queryKey: ["project", projectId, "transcript"] });
      await queryClient.invalidateQueries({ queryKey: ["project", projectId, "transcripts"] });
    },
  });
  return (
    <>
      <Menu trigger={<IconButton icon={Ellipsis} label={t("More")} />}>
        <MenuItem icon={UserX} danger onSelect={() => setAsking(true)}>
          {t("Erase user")}
        </MenuItem>
      </Menu>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t("Erase %{userId}?", { userId })}
        description={t(
          "Every transcript, trace and variable of this user goes. Figures stay as they are. This cannot be undone.",
        )}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{t("Keep user")}</Button>
            <Button look="danger" busy={erase.isPending} onClick={() => erase.mutate()}>
              {t("Erase user")}
            </Button>
          </>
        }
      />
    </>
  );
}
